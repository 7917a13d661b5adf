"""A mail server and a Twilio that take messages, and now and then do what real ones do to a sender.

`python -m tests.chaos.providers <folder> <seed>` prints its two ports and runs until its input ends. What befalls a
message is settled by the seed, the message and the attempt: refused for now or for good, taken late, cut off before it
was taken or after, or taken and never answered.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import threading
import time
from collections import Counter, defaultdict
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from aiosmtpd.controller import Controller

from tests.chaos.clock import MovedClock
from tests.chaos.ledgers import Ledger, Taken, chance
from tests.loopback import LoopbackServer

ACCOUNT = "AC" + "0" * 32
MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*<([0-9a-f-]{36})@")
LISTED_LATE = 1.0  # seconds at most until a message that was taken is listed
IDLE_FOR = 3.0  # seconds until a silent connection is closed
FAULTS = (  # of a thousand attempts
    ("cut_before", 15),
    ("cut_after", 15),
    ("error_before", 8),
    ("error_after", 7),
    ("later", 10),
    ("slow", 15),
    ("no_answer", 1),
)
NOBODY = 0.004  # of all addresses


class Fate:
    """What befalls each attempt at a message."""

    def __init__(self, seed: str) -> None:
        self._seed, self._attempts, self._lock = seed, Counter[str](), threading.Lock()

    def of(self, message_id: str) -> str | None:
        with self._lock:
            self._attempts[message_id] += 1
            drawn = chance(self._seed, message_id, self._attempts[message_id]) * 1000
        for fault, share in FAULTS:
            if drawn < share:
                return fault
            drawn -= share
        return None

    def is_nobody(self, to: str) -> bool:
        return chance(self._seed, "nobody", to) < NOBODY


class Mails:
    """aiosmtpd's handler. A server has no word for «an error, and I have it all the same»: it hangs up then."""

    def __init__(self, fate: Fate, ledger: Ledger, clock: MovedClock) -> None:
        self._fate, self._ledger, self._clock = fate, ledger, clock

    async def handle_EHLO(self, _: Any, session: Any, __: Any, name: str, responses: list[str]) -> list[str]:  # noqa: N802
        session.host_name = name
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if self._fate.is_nobody(address):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:  # noqa: N802
        found = MESSAGE_ID.search(envelope.content)
        message_id = found[1].decode() if found else "none"
        fault = self._fate.of(message_id)
        if fault in ("error_before", "later"):
            return "451 4.3.0 later, please"
        if fault == "slow":
            await asyncio.sleep(0.3)
        if fault != "cut_before":
            now = self._clock.now().isoformat()
            self._ledger.add(Taken(message_id, "email", envelope.rcpt_tos[0], f"<{message_id}>", now))
        if fault in ("cut_before", "cut_after", "error_after", "no_answer"):
            server.transport.abort()
            raise ConnectionResetError
        return "250 taken"


class Texts:
    """What Twilio holds, by number."""

    def __init__(self, fate: Fate, ledger: Ledger, clock: MovedClock) -> None:
        self.fate, self._ledger, self._clock = fate, ledger, clock
        self._by_number: defaultdict[str, list[tuple[float, dict[str, Any]]]] = defaultdict(list)
        self._lock = threading.Lock()
        self._count = 0

    def take(self, given: dict[str, str], message_id: str) -> dict[str, Any]:
        with self._lock:
            self._count += 1
            sid, at = f"SM{self._count:032x}", self._clock.now()
            made = {
                "sid": sid,
                "status": "queued",
                "direction": "outbound-api",
                "to": given["To"],
                "from": given["From"],
                "body": given["Body"],
                "date_created": format_datetime(at),
            }
            listed_from = time.monotonic() + LISTED_LATE * chance(sid, "listed")
            self._by_number[given["To"]].insert(0, (listed_from, made))
            self._ledger.add(Taken(message_id, "sms", given["To"], sid, at.isoformat()))
            return made

    def listed(self, number: str, most: int) -> list[dict[str, Any]]:
        with self._lock:
            return [made for listed_from, made in self._by_number[number] if listed_from <= time.monotonic()][:most]


class Answers(BaseHTTPRequestHandler):
    texts: Texts
    protocol_version = "HTTP/1.1"
    timeout = IDLE_FOR

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        self._answer(200, {"messages": self.texts.listed(asked["To"], int(asked["PageSize"])), "next_page_uri": None})

    def do_POST(self) -> None:
        given = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        (message_id,) = parse_qs(urlsplit(given["StatusCallback"]).query)["mid"]
        fault = self.texts.fate.of(message_id)
        if self.texts.fate.is_nobody(given["To"]):
            self._refuse(400, 21211)
        elif fault == "later":
            self._refuse(429, 20429)
        elif fault == "error_before":
            self._refuse(503, 20503)
        elif fault == "cut_before":
            self._hang_up()
        else:
            self._take(given, message_id, fault)

    def _take(self, given: dict[str, str], message_id: str, fault: str | None) -> None:
        if fault == "slow":
            time.sleep(0.3)
        made = self.texts.take(given, message_id)
        if fault == "error_after":
            self._refuse(500, 20500)
        elif fault in ("cut_after", "no_answer"):
            time.sleep(60 if fault == "no_answer" else 0)
            self._hang_up()
        else:
            self._answer(201, made)

    def _refuse(self, status: int, code: int) -> None:
        self._answer(status, {"code": code, "message": "no", "status": status, "more_info": "-"})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class Server(LoopbackServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender was killed in the middle of a word: nothing to say."""


def main(folder: Path, seed: str) -> None:
    clock, fate = MovedClock(folder / "clock"), Fate(seed)

    class Handler(Answers):
        texts = Texts(fate, Ledger(folder / "texts.jsonl"), clock)

    http = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mails = Mails(fate, Ledger(folder / "mails.jsonl"), clock)
    smtp = Controller(mails, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    smtp.start()
    print(json.dumps({"smtp": port, "twilio": http.server_port}), flush=True)
    sys.stdin.read()
    smtp.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
