"""Keeps the words of what a provider is handed, sealed, so that a person can read later what a guest was sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg

from services.messaging.channels.sender import Outcome, Outgoing, Sender, not_offered, unwritable
from services.messaging.store.sending.own_links import OwnLinks
from services.messaging.store.sending.sent_texts import KeptText, keep_texts
from shared.bus.set_aside import work_in_halves
from shared.crypto.sealing import KeyRing
from shared.crypto.signing import LinkSigner
from shared.database.pool import Database, Tx


class KeepingSender:
    """Writes the words down before it hands them over: of a message whose answer was lost they are known too. What
    cannot be written down for now is not handed over."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database, self.sender = database, sender
        self.name, self.is_sandbox = sender.name, sender.is_sandbox

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        unkept = self.keep(batch)
        sent = self.sender.send([message for message in batch if message.message_id not in unkept])
        answers = {outcome.message_id: outcome for outcome in sent} | unkept
        return [answers[message.message_id] for message in batch]

    def rest(self) -> None:
        self.sender.rest()

    def keep(self, batch: Sequence[Outgoing]) -> dict[UUID, Outcome]:
        """Of each attempt at a message, as it is made. Returns what became of those whose words cannot be written down,
        and which are not handed over."""
        if not batch:
            return {}
        try:
            with self._database.transaction() as tx:
                failed = work_in_halves(tx, batch, lambda some: _keep_words(tx, some))
        except psycopg.OperationalError:
            return {message.message_id: not_offered(message) for message in batch}
        return {message.message_id: unwritable(message, reason) for message, reason in failed}


def _keep_words(tx: Tx, batch: Sequence[Outgoing]) -> None:
    signer = LinkSigner.of(tx.keyring)
    keep_texts(tx, [_kept(tx.keyring, signer, message) for message in batch])


def _kept(keyring: KeyRing, signer: LinkSigner, message: Outgoing) -> KeptText:
    sealed, sheet = message.words.sealed_apart(keyring, OwnLinks(signer, message.message_id))
    return KeptText(message_id=message.message_id, sealed=sealed, sheet=sheet, sent_at=message.at)
