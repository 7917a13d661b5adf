"""Keeps the words of what a provider is handed, sealed, so that a person can read later what a guest was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import psycopg

from services.messaging.channels.sender import Outcome, Outgoing, Sender, not_offered
from services.messaging.store.sent_texts import drop_texts, keep_texts
from shared.database.pool import Database

KEPT_FOR = timedelta(days=396)  # thirteen months


class KeepingSender:
    """Writes the words down before it hands them over: of a message whose answer was lost they are known too. What
    cannot be written down for now is not handed over."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database, self.sender = database, sender
        self.name, self.is_sandbox = sender.name, sender.is_sandbox

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        try:
            if batch:
                self._keep(batch)
        except psycopg.OperationalError:
            return [not_offered(message) for message in batch]
        return self.sender.send(batch)

    def rest(self) -> None:
        self.sender.rest()

    def _keep(self, batch: Sequence[Outgoing]) -> None:
        """Another attempt at a message replaces its words; what has become too old goes."""
        texts = [message.words.sealed(self._database.keyring) for message in batch]
        instants = [message.at for message in batch]
        with self._database.transaction() as tx:
            keep_texts(tx, [message.message_id for message in batch], texts, instants)
            drop_texts(tx, max(instants) - KEPT_FOR)
