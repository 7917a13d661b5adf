"""Guests who answer their surveys while the pages they answer on are being killed; each tries until she is thanked."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from shared.crypto.sealing import KeyRing
from shared.crypto.signing import LinkSigner
from tests.chaos.ledgers import chance, read

ONE_IN = 4


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Answering:
    """`given`: by message the score that its guest was thanked for. Offers have no survey behind their link."""

    folder: Path
    keyring: KeyRing
    pages: list[str]  # host:port
    given: dict[str, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _no_surveys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._signer = LinkSigner.of(self.keyring)
        self._ask = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())
        self._thread = threading.Thread(target=self._run, name="guests", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Whoever has not been thanked yet tries once more."""
        self._over.set()
        self._thread.join(120)

    def _run(self) -> None:
        last_round = False
        while not last_round:
            last_round = self._over.is_set()
            for message_id in self._waiting():
                self._try(message_id, patient=last_round)
            self._over.wait(0.5)

    def _waiting(self) -> list[str]:
        entries = [*read(self.folder / "mails.jsonl"), *read(self.folder / "texts.jsonl")]
        mine = (entry.message_id for entry in entries if chance("answers", entry.message_id) * ONE_IN < 1)
        return [message_id for message_id in mine if message_id not in self.given.keys() | self._no_surveys]

    def _try(self, message_id: str, *, patient: bool) -> None:
        score = int(chance("score", message_id) * 11)
        for attempt in range(60 if patient else 1):
            status = self._post(message_id, score, self.pages[attempt % len(self.pages)])
            if status in (200, 303):
                self.given[message_id] = score
                return
            if 400 <= status < 500:
                self._no_surveys.add(message_id)
                return
            time.sleep(0.5 if patient else 0)

    def _post(self, message_id: str, score: int, place: str) -> int:
        """The status; 0 where nobody answered, and the answer may have been taken all the same."""
        token = self._signer.sign("survey", UUID(message_id))
        form = urllib.parse.urlencode({"score": score, "comment": ""}).encode()
        try:
            with self._ask.open(f"http://{place}/feedback/survey/{token}", form, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
