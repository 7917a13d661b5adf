"""The words of messages: of the sandbox in its mailbox, of what was really sent sealed and for thirteen months."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    message_id: UUID
    channel: str
    purpose: str
    language: str
    address: Sealed
    from_name: str
    subject: str
    text: str
    page: str | None
    sent_at: datetime


def keep_in_sandbox(tx: Tx, messages: Sequence[SandboxMessage]) -> None:
    """Each once, whoever offers it again. Texts and pages go to the database as bytes (`%b`): to write their line
    breaks as text takes ten times as long."""
    tx.execute(
        """
        insert into sandbox_message (message_id, channel, purpose, language, address_sealed, from_name, subject,
                                     body, page, sent_at)
        select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                             %b::text[], %b::bytea[], %s::timestamptz[])
        on conflict (message_id) do nothing
        """,
        [
            [message.message_id for message in messages],
            [message.channel for message in messages],
            [message.purpose for message in messages],
            [message.language for message in messages],
            [message.address for message in messages],
            [message.from_name for message in messages],
            [message.subject for message in messages],
            [message.text for message in messages],
            [_deflated(message.page) for message in messages],
            [message.sent_at for message in messages],
        ],
    )


def keep_texts(tx: Tx, ids: Sequence[UUID], sealed: Sequence[Sealed], at: Sequence[datetime]) -> None:
    """Another attempt at a message replaces its words."""
    tx.execute(
        """
        insert into kept_text (message_id, text_sealed, sent_at)
        select * from unnest(%s::uuid[], %s::text[], %s::timestamptz[])
        on conflict (message_id) do update set text_sealed = excluded.text_sealed, sent_at = excluded.sent_at
        """,
        [ids, sealed, at],
    )


def drop_texts(tx: Tx, before: datetime) -> None:
    """What has become too old to be kept."""
    tx.execute("delete from kept_text where sent_at < %s", [before])


def inflated(page: bytes | None) -> str | None:
    """The HTML of a message in the sandbox."""
    return zlib.decompress(page).decode() if page is not None else None


def _deflated(html: str | None) -> bytes | None:
    return zlib.compress(html.encode(), 1) if html is not None else None
