"""Texts by topic and feeling, newest first, with the words that are still there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from services.feedback.rules.heard import WHOLE
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """`words_sealed`: what is left of them, in their order; none where they were erased. `feelings`: by topic.
    `taught_by`, `taught_at`, `taught_words_sealed`: the newest correction of other texts that it is read by."""

    text_id: UUID
    kind: str
    property: str
    hotel: str
    zone: str
    said_at: datetime
    day: date
    language: str | None
    guest_id: UUID | None
    words_sealed: list[str]
    score: int | None
    source: str | None
    rating_given: str | None
    rating_scale: int | None
    rating: Decimal | None  # of ten
    feelings: dict[str, str]
    corrected_by: str | None
    corrected_at: datetime | None
    taught_by: str | None
    taught_at: datetime | None
    taught_words_sealed: str | None

    def feeling(self) -> str:
        return self.feelings.get(WHOLE, "neutral")

    def topics(self) -> Mapping[str, str]:
        return {topic: feeling for topic, feeling in sorted(self.feelings.items()) if topic != WHOLE}


@dataclass(frozen=True, kw_only=True)
class TextFilter:
    """`first`: by hotel, the first day that counts. `topic`: `WHOLE` for all. `after`: key of the last line seen."""

    first: Mapping[str, date]
    topic: str
    feeling: str | None
    kind: str | None
    after: tuple[datetime, UUID] | None = None


def texts(tx: Tx, wanted: TextFilter, most: int) -> list[TextLine]:
    at, number = wanted.after or (None, None)
    params = {
        "properties": list(wanted.first),
        "first": list(wanted.first.values()),
        "since": [day - timedelta(days=1) for day in wanted.first.values()],
        "topic": wanted.topic,
        "feeling": wanted.feeling,
        "kind": wanted.kind,
        "at": at,
        "key": number,
        "most": most,
    }
    return tx.rows(TextLine, f"{NEWEST} {LINE} order by heard.said_at desc, heard.text_id desc", params)


def text(tx: Tx, text_id: UUID, hotels: Sequence[str]) -> TextLine | None:
    """One of these hotels' texts."""
    found = tx.rows(TextLine, f"{ONE} {LINE}", {"text_id": text_id, "hotels": list(hotels)})
    return found[0] if found else None


NEWEST = """
    with chosen as (
        select newest.text_id
        from unnest(%(properties)s::text[], %(first)s::date[], %(since)s::date[]) as hotel (property, first, since),
        lateral (
            select text_id, said_at from heard_topic as marked
            where marked.property = hotel.property and topic = %(topic)s and marked.day >= hotel.first
              and said_at >= hotel.since
              and (%(feeling)s::text is null or feeling = %(feeling)s::text)
              and (%(kind)s::text is null or kind = %(kind)s::text)
              and (%(at)s::timestamptz is null or (said_at, text_id) < (%(at)s::timestamptz, %(key)s::uuid))
            order by said_at desc, text_id desc
            limit %(most)s
        ) as newest
        order by newest.said_at desc, newest.text_id desc
        limit %(most)s
    )
"""
ONE = """
    with chosen as (
        select text_id from heard_text where text_id = %(text_id)s and property = any(%(hotels)s::text[])
    )
"""
LINE = """
    select heard.text_id, heard.kind, heard.property, coalesce(hotel.name, heard.property) as hotel,
           coalesce(hotel.zone, 'UTC') as zone, heard.said_at, heard.day, heard.language,
           coalesce(answer.guest_id, reply.guest_id, review.guest_id) as guest_id,
           array_remove(array[answer.comment_sealed, reply.text_sealed, review.title_sealed, review.liked_sealed,
                              review.disliked_sealed, review.text_sealed], null) as words_sealed,
           answer.score, review.source, review.rating_given, review.rating_scale, review.rating,
           (select jsonb_object_agg(topic, feeling) from heard_topic as its where its.text_id = heard.text_id)
               as feelings,
           corrected_by, corrected_at,
           lesson.by_name as taught_by, lesson.at as taught_at, lesson.words_sealed as taught_words_sealed
    from chosen join heard_text as heard using (text_id)
    left join survey_answer as answer on answer.answer_id = heard.text_id
    left join reply on reply.reply_id = heard.text_id
    left join review on review.review_id = heard.text_id
    left join hotel_known as hotel on hotel.code = heard.property
    left join lateral (
        select by_name, at, words_sealed from heard_lesson
        where lesson_id = any(heard.taught_by) order by at desc, lesson_id limit 1
    ) as lesson on true
"""
