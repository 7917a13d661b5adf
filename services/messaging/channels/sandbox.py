"""The sandbox: messages go to a mailbox in the console, nothing leaves the house."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from services.messaging.channels.sender import Outcome, OutcomeState, Outgoing
from shared.database.pool import Database


class SandboxSender:
    """Keeps each message once, whoever offers it again. Both channels.

    Texts and pages go to the database as bytes (`%b`): to write their line breaks as text takes ten times as long.
    """

    name, in_house = "sandbox", True

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if not batch:
            return []
        with self._database.transaction() as tx:
            tx.execute(
                """
                insert into sandbox_message (message_id, channel, purpose, language, address_sealed, from_name, subject,
                                             body, page, sent_at)
                select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                                     %b::text[], %b::bytea[], %s::timestamptz[])
                on conflict (message_id) do nothing
                """,
                [
                    [message.message_id for message in batch],
                    [message.channel for message in batch],
                    [message.purpose for message in batch],
                    [message.language for message in batch],
                    [tx.keyring.seal(message.to) for message in batch],
                    [message.from_name for message in batch],
                    [message.subject for message in batch],
                    [message.text for message in batch],
                    [_deflated(message.html) for message in batch],
                    [message.at for message in batch],
                ],
            )
        return [
            Outcome(message_id=message.message_id, state=OutcomeState.SENT, provider_ref=f"sandbox:{message.reference}")
            for message in batch
        ]

    def rest(self) -> None:
        """Nothing is held open."""


def inflated(page: bytes | None) -> str | None:
    """The HTML of a kept message."""
    return zlib.decompress(page).decode() if page is not None else None


def _deflated(html: str | None) -> bytes | None:
    return zlib.compress(html.encode(), 1) if html is not None else None
