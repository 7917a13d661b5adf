"""One mail, read outside any transaction and received in one of its own."""

from __future__ import annotations

from collections.abc import Sequence

from services.feedback.commands.receive_mail import Taken, incoming, receive_mail
from services.feedback.understanding import be_ready
from shared.clock import Clock
from shared.crypto.mail_addresses import BackAddress, BackSigner, tokens_in
from shared.database.pool import Database
from shared.telemetry.metrics import record_inbound_mail


class MailDoor:
    def __init__(self, database: Database, back: BackAddress, clock: Clock) -> None:
        self._database, self._back, self._clock = database, back, clock
        self._signer = BackSigner(database.keyring)

    def may_come_to(self, address: str) -> bool:
        """Whether mail to this address can be ours: it is signed, or the bare one, to which reports come."""
        if address.lower() == self._back.bare:
            return True
        return any(self._signer.read(token) for token in tokens_in(address, self._back))

    def take(self, raw: bytes, recipients: Sequence[str], way: str) -> Taken:
        """Committed when this returns. Raises `psycopg.Error` where the database does not answer."""
        came = incoming(self._signer, self._back, raw, recipients, way)
        if came is None:
            record_inbound_mail(self._database.service, way, str(Taken.REFUSED))
            return Taken.REFUSED
        be_ready()
        with self._database.transaction() as tx:
            taken = receive_mail(tx, came, self._clock.now())
        record_inbound_mail(self._database.service, way, str(came.mail.kind) if taken is Taken.NEW else str(taken))
        return taken
