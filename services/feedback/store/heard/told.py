"""What of the words of answers is told to others, with versions that only grow, also where words are taken back and
come again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database.pool import Tx

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_at(at: datetime) -> int:
    """Of what is told at that instant."""
    return (at - EPOCH) // timedelta(microseconds=1)


def next_versions(tx: Tx, texts: Sequence[UUID], at: datetime) -> list[tuple[Any, ...]]:
    """In the order of the event's fields: answer, version, guest, hotel, topics, instant, then the answer's own."""
    values = {"texts": list(texts), "version": version_at(at), "at": at}
    return tx.execute(NEXT, values).fetchall()


TOPICS = """
    (select coalesce(jsonb_object_agg(topic, feeling), '{}') from heard_topic t
     where t.text_id = heard.text_id and topic <> '')
"""
NEXT = f"""
    with next as (
        update heard_text heard set version = greatest(heard.version + 1, %(version)s)
        from survey_answer answer
        where answer.answer_id = heard.text_id and heard.text_id = any(%(texts)s::uuid[]) and heard.kind = 'comment'
        returning heard.text_id, heard.version, answer.guest_id, answer.property, answer.score,
            answer.stay_id, answer.answered_at
    )
    select text_id, version, guest_id, property, {TOPICS}, %(at)s::timestamptz, score, stay_id, answered_at
    from next as heard order by text_id
"""
