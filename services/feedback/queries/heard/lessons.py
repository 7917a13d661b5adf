"""What corrections teach, for the colleagues who may take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class LessonLine:
    """`feelings`: by topic, or none where it is not spoken of."""

    lesson_id: UUID
    text_id: UUID
    property: str
    hotel: str
    zone: str
    words_sealed: str
    is_whole: bool
    feelings: dict[str, str]
    by_name: str
    at: datetime


def lessons(tx: Tx, hotels: Sequence[str], most: int, lesson_id: UUID | None = None) -> list[LessonLine]:
    """Those of these hotels that nobody has taken back, the newest first; the one of this number alone."""
    return tx.rows(LessonLine, LESSONS, {"hotels": list(hotels), "most": most, "lesson_id": lesson_id})


LESSONS = """
    select lesson_id, text_id, property, coalesce(hotel.name, property) as hotel, coalesce(hotel.zone, 'UTC') as zone,
           words_sealed, is_whole, feelings, by_name, at
    from heard_lesson as lesson left join hotel_known as hotel on hotel.code = lesson.property
    where property = any(%(hotels)s::text[]) and taken_back_at is null
      and (%(lesson_id)s::uuid is null or lesson_id = %(lesson_id)s::uuid)
    order by at desc, lesson_id limit %(most)s
"""
