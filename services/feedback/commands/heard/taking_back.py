"""A colleague takes back what a correction taught."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.reviews import understood_of
from services.feedback.rules.files.review_file import Review
from services.feedback.store.heard import lessons, reviews, texts
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen, Sealed
from shared.database.pool import Tx


def take_lesson_back(tx: Tx, lesson_id: UUID, *, by: str, at: datetime) -> bool:
    """What rests on it is read anew: replies and answers by the clock, reviews here. The correction of its own text
    stays. False where it was taken back before."""
    resting = lessons.texts_resting_on(tx, lesson_id)
    if not lessons.take_back(tx, lesson_id, by, at):
        return False
    lessons.unmark(tx, resting)
    rows = reviews.kept(tx, resting)
    house = {place: house_words(tx, place) for place in {row.property for row in rows}}
    again = [(row, review) for row in rows if (review := _opened(tx, row))]
    texts.keep(tx, [understood_of(review, house[row.property], row.review_id) for row, review in again])
    return True


def _opened(tx: Tx, row: reviews.ReviewRow) -> Review | None:
    """None where its key is gone."""

    def words(sealed: str | None) -> str:
        return tx.keyring.open(Sealed(sealed), Sealing.WORDS) if sealed else ""

    try:
        return Review(
            ref=row.ref,
            source=row.source,
            hotel=row.property,
            said_on=row.said_on,
            rating_given=row.rating_given,
            rating_scale=row.rating_scale,
            rating=row.rating,
            title=words(row.title_sealed),
            liked=words(row.liked_sealed),
            disliked=words(row.disliked_sealed),
            text=words(row.text_sealed),
        )
    except CannotOpen:
        return None
