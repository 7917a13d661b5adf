"""The words of messages, sealed: of the sandbox in its mailbox, of what was really sent for thirteen months."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from services.messaging.store.sending.sent_words import SentWords
from services.messaging.wording.sheets import Sheet
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    message_id: UUID
    channel: str
    purpose: str
    language: str
    address: Sealed
    words: Sealed
    sent_at: datetime


def keep_in_sandbox(tx: Tx, messages: Sequence[SandboxMessage]) -> None:
    """Each once, whoever offers it again."""
    tx.execute(
        """
        insert into sandbox_message (message_id, channel, purpose, language, address_sealed, words_sealed, sent_at,
                                     from_name, subject, body)
        select *, '', '', ''
        from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        on conflict (message_id) do nothing
        """,
        [
            [message.message_id for message in messages],
            [message.channel for message in messages],
            [message.purpose for message in messages],
            [message.language for message in messages],
            [message.address for message in messages],
            [message.words for message in messages],
            [message.sent_at for message in messages],
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """`sheet`: what `sealed` is a copy of, where it is one."""

    message_id: UUID
    sealed: Sealed
    sheet: Sheet | None
    sent_at: datetime


def keep_texts(tx: Tx, texts: Sequence[KeptText]) -> None:
    """Of several attempts at a message the newest tells what its guest was sent."""
    _keep_sheets(tx, texts)
    tx.execute(
        """
        insert into sent_text (message_id, sheet, sent_at, text_boxed, text_sealed)
        select message_id, sheet, sent_at, box, case when box is null then sealed end
        from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::timestamptz[])
            as said (message_id, sealed, sheet, sent_at), boxed(sealed, %b::text) as box
        on conflict (message_id, sent_at) do update
        set text_boxed = excluded.text_boxed, text_sealed = excluded.text_sealed, sheet = excluded.sheet
        """,
        [
            [text.message_id for text in texts],
            [text.sealed for text in texts],
            [text.sheet and text.sheet.number for text in texts],
            [text.sent_at for text in texts],
            Sealing.MESSAGE_TEXT,
        ],
    )


def _keep_sheets(tx: Tx, texts: Sequence[KeptText]) -> None:
    """Each once, and for as long as a text kept is a copy of it: the day it last was is noted, and goes up a day at a
    time, so that many senders do not wait for one another."""
    last = {text.sheet: text.sent_at for text in sorted(texts, key=attrgetter("sent_at")) if text.sheet}
    if not last:
        return
    by_number = sorted({sheet.number: (sheet.packed, at) for sheet, at in last.items()}.items())
    tx.execute(
        """
        insert into sent_sheet (number, packed, last_sent_at)
        select * from unnest(%b::uuid[], %b::bytea[], %b::timestamptz[])
        on conflict (number) do update set last_sent_at = excluded.last_sent_at
        where sent_sheet.last_sent_at < excluded.last_sent_at - interval '12 hours'
        """,
        [
            [number for number, _ in by_number],
            [packed for _, (packed, _) in by_number],
            [at for _, (_, at) in by_number],
        ],
    )


def seal_what_is_in_clear(tx: Tx, most: int) -> int:
    """Seals the words of so many messages that earlier versions left in the sandbox; how many those were."""
    clear = tx.execute(
        """
        select message_id, from_name, subject, body, page from sandbox_message where words_sealed is null
        order by message_id limit %s for update skip locked
        """,
        [most],
    ).fetchall()
    words = [words_in_clear(*row[1:]).sealed(tx.keyring) for row in clear]
    tx.execute(
        """
        update sandbox_message as kept
        set words_sealed = new.words, from_name = '', subject = '', body = '', page = null
        from unnest(%s::uuid[], %s::text[]) as new (message_id, words) where kept.message_id = new.message_id
        """,
        [[row[0] for row in clear], words],
    )
    return len(clear)


def words_in_clear(from_name: str, subject: str, text: str, page: bytes | None) -> SentWords:
    """As earlier versions kept them, the HTML deflated."""
    return SentWords(from_name, subject, text, zlib.decompress(page).decode() if page is not None else None)
