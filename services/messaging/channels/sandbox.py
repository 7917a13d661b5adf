"""The sandbox: messages go to a mailbox in the console, nothing is really sent."""

from __future__ import annotations

from collections.abc import Sequence

from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.store.sent_texts import SandboxMessage, keep_in_sandbox
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
            keep_in_sandbox(tx, [_kept(tx.keyring, message) for message in batch])
        return [
            Outcome(message_id=message.message_id, state=MessageState.SENT, provider_ref=f"sandbox:{message.reference}")
            for message in batch
        ]

    def rest(self) -> None:
        """Nothing is held open."""


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
