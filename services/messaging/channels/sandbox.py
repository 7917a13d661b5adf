"""The sandbox: messages go to a mailbox in the console, nothing is really sent."""

from __future__ import annotations

from collections.abc import Sequence

from services.messaging.channels.sender import Outcome, Outgoing, unwritable
from services.messaging.store.sending.sent_texts import SandboxMessage, keep_in_sandbox
from shared.bus.set_aside import work_in_halves
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.vocabulary.message import MessageState


class SandboxSender:
    """Keeps each message once, whoever offers it again. For every channel."""

    name, is_sandbox = "sandbox", True

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if not batch:
            return []
        with self._database.transaction() as tx:
            failed = work_in_halves(
                tx, batch, lambda some: keep_in_sandbox(tx, [_kept(tx.keyring, message) for message in some])
            )
        unkept = {message.message_id: reason for message, reason in failed}
        return [_outcome(message, unkept.get(message.message_id)) for message in batch]

    def rest(self) -> None:
        """Nothing is held open."""


def _outcome(message: Outgoing, problem: str | None) -> Outcome:
    if problem is not None:
        return unwritable(message, problem)
    reference = f"sandbox:{message.reference}"
    return Outcome(message_id=message.message_id, state=MessageState.SENT, provider_ref=reference)


def _kept(keyring: KeyRing, message: Outgoing) -> SandboxMessage:
    return SandboxMessage(
        message_id=message.message_id,
        channel=message.channel,
        purpose=message.purpose,
        language=message.language,
        address=keyring.seal(message.to, Sealing.CONTACT),
        words=message.words.sealed(keyring),
        sent_at=message.at,
    )
