"""What corrections teach. Words rest sealed; the few that count are opened once a process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from psycopg.types.json import Jsonb

from services.feedback.rules.lessons import Lesson
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen, KeyRing, Sealed
from shared.database.pool import Tx

MOST = 1000
"""How many lessons count at most, the newest."""


def counting(tx: Tx) -> list[Lesson]:
    """Those that nobody has taken back, the newest first. One whose key is gone teaches nothing any more."""
    rows = tx.execute(COUNTING, {"most": MOST}).fetchall()
    found = [(row, _opened(tx.keyring, row[3])) for row in rows]
    return [
        Lesson(lesson_id=lesson, text_id=text, property=place, words=words, is_whole=is_whole, feelings=feelings)
        for (lesson, text, place, _, is_whole, feelings), words in found
        if words
    ]


@lru_cache(maxsize=2 * MOST)
def _opened(keyring: KeyRing, sealed: str) -> tuple[str, ...]:
    try:
        return tuple(keyring.open(Sealed(sealed), Sealing.WORDS).split(" "))
    except CannotOpen:
        return ()


def forget(tx: Tx, text_id: UUID) -> None:
    """A text teaches by its latest correction alone."""
    tx.execute("delete from heard_lesson where text_id = %s", [text_id])


def keep(tx: Tx, lesson: Lesson, by: str, at: datetime) -> None:
    values = {
        "lesson_id": lesson.lesson_id,
        "text_id": lesson.text_id,
        "property": lesson.property,
        "words": tx.keyring.seal(" ".join(lesson.words), Sealing.WORDS),
        "is_whole": lesson.is_whole,
        "feelings": Jsonb(dict(lesson.feelings)),
        "by": by,
        "at": at,
    }
    tx.execute(KEEP, values)


def take_back(tx: Tx, lesson_id: UUID, by: str, at: datetime) -> bool:
    """Whether it counted until now."""
    return tx.execute(TAKE_BACK, {"lesson_id": lesson_id, "by": by, "at": at}).rowcount > 0


def texts_resting_on(tx: Tx, lesson_id: UUID) -> list[UUID]:
    """Of nobody who corrected them since."""
    rows = tx.execute(RESTING, {"lesson_id": lesson_id}).fetchall()
    return [text_id for (text_id,) in rows]


def unmark(tx: Tx, texts: Sequence[UUID]) -> None:
    """Replies and answers that the clock hears anew."""
    for statement in UNMARK:
        tx.execute(statement, {"texts": list(texts)})


COUNTING = """
    select lesson_id, text_id, property, words_sealed, is_whole, feelings from heard_lesson
    where taken_back_at is null order by at desc, lesson_id limit %(most)s
"""
KEEP = """
    insert into heard_lesson (lesson_id, text_id, property, words_sealed, is_whole, feelings, by_name, at)
    values (%(lesson_id)s, %(text_id)s, %(property)s, %(words)s, %(is_whole)s, %(feelings)s, %(by)s, %(at)s)
    on conflict do nothing
"""
TAKE_BACK = """
    update heard_lesson set taken_back_by = %(by)s, taken_back_at = %(at)s
    where lesson_id = %(lesson_id)s and taken_back_at is null
"""
RESTING = """
    select text_id from heard_text
    where taught_by && array[%(lesson_id)s::uuid] and taught_by <> '{}' and corrected_at is null
    order by text_id for update
"""
UNMARK = (
    "update survey_answer set is_heard = false where answer_id = any(%(texts)s::uuid[]) and comment_sealed is not null",
    "update reply set is_heard = false where reply_id = any(%(texts)s::uuid[]) and text_sealed is not null",
)
