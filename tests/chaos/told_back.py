"""What comes back of the messages while every door is being killed: a carrier's reports, returned mails, guests' mails.

Whoever reports or hands over tries until it is acknowledged, as Twilio and a mail server do, then half of them once
more; so nothing that was acknowledged may be lost, and nothing may count twice.
"""

from __future__ import annotations

import smtplib
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from twilio.request_validator import RequestValidator

from services.feedback.mail.read import read_mail
from shared.crypto.mail_addresses import BackAddress, BackSigner
from shared.crypto.sealing import KeyRing
from shared.ids import make_id
from tests.chaos.ledgers import Taken, chance, read
from tests.mail.mails import dsn, reply

ONE_IN = 3
PATIENT_FOR = 300.0  # seconds
STORIES = (  # what a carrier reports of a message, in order of arrival, and what is true in the end
    (("sent", "delivered"), "delivered"),
    (("delivered", "sent"), "delivered"),
    (("sent", "undelivered"), "bounced"),
    (("undelivered", "delivered", "sent"), "delivered"),
)
WORDS = (
    "Breakfast was lovely, thank you!",
    "The room was filthy, I want my money back.",
    "What time does the spa open?",
)


@dataclass(frozen=True)
class Mailed:
    message_id: str
    kind: str  # bounce | reply
    raw: bytes
    to: str

    @property
    def mail_id(self) -> UUID:
        return make_id("mail", UUID(self.message_id), read_mail(self.raw).fingerprint)


@dataclass
class ToldBack:
    """`receipts`: by message what is true in the end, once all of it was acknowledged; `mails`: by number what was."""

    folder: Path
    keyring: KeyRing
    back: BackAddress
    pages: Sequence[str]  # host:port of messaging's
    doors: Sequence[str]  # host:port of mail's
    origin: str
    token: str
    receipts: dict[str, str] = field(default_factory=dict)
    mails: dict[UUID, Mailed] = field(default_factory=dict)
    never: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._signer, self._proof = BackSigner(self.keyring), RequestValidator(self.token)
        self._ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        work = ((self._texts, self._report), (self._mails, self._hand_over))
        self._threads = [threading.Thread(target=self._run, args=each, name="told back", daemon=True) for each in work]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Whatever was not acknowledged yet is tried until it is."""
        self._over.set()
        for thread in self._threads:
            thread.join(2 * PATIENT_FOR)
            self.never += thread.is_alive()

    def _run(self, waiting: Callable[[], Iterable[Taken]], does: Callable[[Taken, bool], bool]) -> None:
        done, is_last = set[str](), False
        while not is_last:
            is_last = self._over.is_set()
            for taken in waiting():
                if taken.message_id not in done:
                    if does(taken, is_last):
                        done.add(taken.message_id)
                    else:
                        self.never += is_last
            self._over.wait(0.5)

    def _texts(self) -> Iterable[Taken]:
        return self._some("texts.jsonl")

    def _mails(self) -> Iterable[Taken]:
        return self._some("mails.jsonl")

    def _some(self, ledger: str) -> Iterable[Taken]:
        return [one for one in read(self.folder / ledger) if chance("told back", one.message_id) * ONE_IN < 1]

    def _report(self, taken: Taken, is_last: bool) -> bool:
        states, becomes = STORIES[int(chance("story", taken.message_id) * len(STORIES))]
        again = states[:1] if chance("again", taken.message_id) < 0.5 else ()
        for state in (*states, *again):
            if not self._until(is_last, partial(self._post, taken, state), self.pages):
                return False
        self.receipts[taken.message_id] = becomes
        return True

    def _post(self, taken: Taken, state: str, place: str) -> bool:
        form = {"MessageSid": taken.ref, "MessageStatus": state, "Price": "-0.0075", "PriceUnit": "USD"}
        form |= {"ErrorCode": "30003"} if state == "undelivered" else {}
        path = f"/messaging/twilio/status?mid={taken.message_id}"
        signed = {"X-Twilio-Signature": self._proof.compute_signature(self.origin + path, form)}
        asked = urllib.request.Request(f"http://{place}{path}", urllib.parse.urlencode(form).encode(), signed)
        try:
            with self._ask.open(asked, timeout=10) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def _hand_over(self, taken: Taken, is_last: bool) -> bool:
        mailed = self._mailed(taken)
        for _ in range(2 if chance("again", taken.message_id) < 0.5 else 1):
            if not self._until(is_last, lambda place: self._lmtp(mailed, place), self.doors):
                return False
        self.mails[mailed.mail_id] = mailed
        return True

    def _mailed(self, taken: Taken) -> Mailed:
        tokens = self._signer.tokens(UUID(taken.message_id))
        if chance("story", taken.message_id) < 0.5:
            raw = dsn("5.2.2", "552 5.2.2 mailbox full", original=self.back.of(tokens.reply))
            return Mailed(taken.message_id, "bounce", raw, self.back.of(tokens.returned))
        words = WORDS[int(chance("words", taken.message_id) * len(WORDS))]
        return Mailed(taken.message_id, "reply", reply(words), self.back.of(tokens.reply))

    def _lmtp(self, mailed: Mailed, place: str) -> bool:
        host, _, port = place.partition(":")
        try:
            with smtplib.LMTP(host, int(port), timeout=10) as door:
                return door.sendmail("ana@example.com", [mailed.to], mailed.raw) == {}
        except (OSError, smtplib.SMTPException):
            return False

    def _until(self, patient: bool, tries: Callable[[str], bool], places: Sequence[str]) -> bool:
        deadline = time.monotonic() + (PATIENT_FOR if patient else 0)
        for attempt in range(10_000):
            if tries(places[attempt % len(places)]):
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.5)
        return False
