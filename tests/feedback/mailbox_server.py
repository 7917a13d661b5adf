"""A mailbox on loopback, as much of IMAP4rev1 and UIDPLUS as a client needs who fetches and deletes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class MailboxServer:
    """`mails`: by number. `cut_after`: hangs up right after it has answered this command, once."""

    mails: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    validity: int = 7
    port: int = 0
    cut_after: str = ""
    knows_uidplus: bool = True
    commands: list[str] = field(default_factory=list)

    def bring(self, *raw: bytes) -> None:
        for one in raw:
            self.mails[max([*self.mails, *self.deleted, 0]) + 1] = one

    def answer(self, command: str) -> tuple[list[bytes], str]:
        """Untagged lines, and what the command came to."""
        word = command.split(" ", 1)[0].upper()
        known = "IMAP4rev1" + (" UIDPLUS" if self.knows_uidplus else "")
        match word:
            case "CAPABILITY":
                return [f"* CAPABILITY {known}".encode()], "OK done"
            case "LOGIN":
                return [], "OK in" if command.endswith('back "secret word"') else "NO not you"
            case "SELECT":
                head = [f"* {len(self.mails)} EXISTS", "* 0 RECENT", f"* OK [UIDVALIDITY {self.validity}] ok"]
                return [one.encode() for one in [*head, r"* FLAGS (\Deleted \Seen)"]], "OK [READ-WRITE] chosen"
            case "UID":
                return self._by_number(command.split(" ", 1)[1])
            case "LOGOUT":
                return [b"* BYE"], "OK bye"
        return [], "BAD no such command"

    def _by_number(self, command: str) -> tuple[list[bytes], str]:
        if found := re.match(r"SEARCH.*?(\d+):\*", command):
            least, last = int(found[1]), max(self.mails, default=0)
            numbers = [uid for uid in self.mails if uid >= min(least, last)]
            return [("* SEARCH " + " ".join(map(str, numbers))).encode()], "OK found"
        uid = int(re.findall(r"\d+", command)[0])
        place = sorted(self.mails).index(uid) + 1 if uid in self.mails else 0
        if command.startswith("FETCH") and "SIZE" in command:
            return [f"* {place} FETCH (UID {uid} RFC822.SIZE {len(self.mails[uid])})".encode()], "OK done"
        if part := re.search(r"\[\]<0\.(\d+)>", command):
            raw = self.mails[uid][: int(part[1])]
            return [f"* {place} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")"], "OK done"
        if command.startswith("FETCH"):
            raw = self.mails[uid]
            return [f"* {place} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")"], "OK done"
        if command.startswith("STORE"):
            self.deleted.add(uid)
        if command.startswith("EXPUNGE"):
            self.mails.pop(uid)
        return [], "OK done"


@contextmanager
def mailbox_server() -> Iterator[MailboxServer]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        kept = MailboxServer(port=listener.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=talk, args=(client,), daemon=True).start()

        def talk(client: socket.socket) -> None:
            with client, suppress(OSError), client.makefile("rb") as lines:
                client.sendall(b"* OK ready\r\n")
                for line in lines:
                    tag, _, command = line.decode().strip().partition(" ")
                    kept.commands.append(command)
                    untagged, said = kept.answer(command)
                    client.sendall(b"".join(one + b"\r\n" for one in untagged) + f"{tag} {said}\r\n".encode())
                    if kept.cut_after and command.startswith(kept.cut_after):
                        kept.cut_after = ""
                        return

        threading.Thread(target=serve, daemon=True).start()
        yield kept
        listener.shutdown(socket.SHUT_RDWR)
