"""Reviews are kept, each once, and understood. What one says replaces what it said before; a review is never an answer
to a survey, and counts in no score but its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from services.feedback.rules.files.review_file import Review
from services.feedback.rules.heard import WHOLE, HeardKind
from services.feedback.store import stays
from services.feedback.store.heard import reviews as store
from services.feedback.store.heard import texts
from services.feedback.store.heard.texts import HeardText
from services.feedback.understanding import NO_WORDS, HouseWords, Understood, understand
from shared.access.audit import record
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id

MADE, CHANGED, UNCHANGED = "made", "changed", "unchanged"
NOON = time(12)


def review_id_of(review: Review) -> UUID:
    """Of its hotel, site and the site's number; of one without a number, of all it says."""
    return make_id("review", review.hotel, review.source, review.ref or str(content_id_of(review)))


def content_id_of(review: Review) -> UUID:
    rating = f"{review.rating_given}/{review.rating_scale}"
    words = (review.title, review.liked, review.disliked, review.text, review.reservation or "")
    return make_id("review content", review.said_on.isoformat(), rating, *words)


def look_at_reviews(tx: Tx, found: Sequence[Review]) -> list[str]:
    """What `keep_reviews` would make of each; nothing is kept."""
    known = store.known(tx, [review_id_of(one) for one in found])
    return [_outcome(known.get(review_id_of(one)), content_id_of(one)) for one in found]


def keep_part(
    tx: Tx, part: Sequence[Review], heard: Sequence[HeardText], file: str, at: datetime, by: Person | str
) -> Counter[str]:
    """A part of a file is kept and said to the audit trail; how many reviews were made, changed or known already. The
    same part again keeps nothing twice."""
    came = Counter(keep_reviews(tx, part, heard, by if isinstance(by, str) else by.name, at))
    record(tx, by, "reviews.brought", "reviews", {"from": part[0].line, "file": file, **came}, at)
    return came


def keep_reviews(tx: Tx, found: Sequence[Review], heard: Sequence[HeardText], by: str, at: datetime) -> list[str]:
    """Of each review whether it was made, changed or known already; of one that comes twice the last counts. `heard`:
    of each what `understood_of` made of it, before the transaction began.
    """
    last = {review_id_of(one): (one, text) for one, text in zip(found, heard, strict=True)}
    booked = [(one.hotel, one.reservation) for one in found if one.reservation]
    by_reservation = stays.of_reservations(tx, [hotel for hotel, _ in booked], [number for _, number in booked])
    rows = [_row(tx, number, one, by_reservation) for number, (one, _) in last.items()]
    changed = store.keep(tx, rows, by, at)
    texts.keep(tx, [last[number][1] for number in changed])
    outcome = {number: MADE if is_new else CHANGED for number, is_new in changed.items()}
    return [outcome.pop(review_id_of(one), UNCHANGED) for one in found]


def understood_of(review: Review, house: HouseWords = NO_WORDS, review_id: UUID | None = None) -> HeardText:
    """Title and text, and what was liked and was not: what stands under «liked» and feels like nothing by itself is
    liked. `house`: what was corrected at its hotel; `review_id`: its own, where it is kept. Pure, and the slow
    part."""
    every = (review.title, review.text, review.liked, review.disliked)
    language = understand("\n".join(part for part in every if part)).language
    parts = ("\n".join(part for part in every[:2] if part), review.liked, review.disliked)
    plain, liked, disliked = (understand(part, language=language, house=house) for part in parts)
    feelings: dict[str, str] = {}
    for read, usual in ((plain, "neutral"), (liked, "positive"), (disliked, "negative")):
        for topic in read.topics:
            feeling = usual if str(topic.feeling) == "neutral" else str(topic.feeling)
            if feelings.get(topic.name) != "negative":
                feelings[topic.name] = feeling
    at = datetime.combine(review.said_on, NOON, UTC)
    return HeardText(
        text_id=review_id or review_id_of(review),
        kind=HeardKind.REVIEW,
        property=review.hotel,
        day=review.said_on,
        said_at=at,
        language=language,
        is_complaint=any(one.is_complaint for one in (plain, liked, disliked)),
        feelings={WHOLE: _whole(review, plain, liked, disliked), **feelings},
        taught_by=tuple(dict.fromkeys((*plain.taught, *liked.taught, *disliked.taught))),
    )


def _whole(review: Review, plain: Understood, liked: Understood, disliked: Understood) -> str:
    """As its words feel; where they do not, as its rating: 8 of 10 and more is content, 5 and less is not."""
    if str(plain.sentiment) != "neutral":
        return str(plain.sentiment)
    if review.rating is not None:
        return "positive" if review.rating >= 8 else "negative" if review.rating <= 5 else "neutral"
    felt = Counter(str(one.sentiment) for one in (liked, disliked))
    if felt["positive"] == felt["negative"]:
        return "neutral"
    return "positive" if felt["positive"] > felt["negative"] else "negative"


def _outcome(known: UUID | None, content: UUID) -> str:
    return MADE if known is None else UNCHANGED if known == content else CHANGED


def _row(
    tx: Tx, review_id: UUID, review: Review, booked: Mapping[tuple[str, str], Sequence[stays.Stay]]
) -> store.ReviewRow:
    """The guest of a reservation only where all its stays are one guest's; the stay only where there is one."""
    theirs = booked.get((review.hotel, review.reservation or ""), ())
    guests = {one.guest_id for one in theirs}

    def seal(text: str) -> str | None:
        return tx.keyring.seal(text, Sealing.WORDS) if text else None

    return store.ReviewRow(
        review_id=review_id,
        property=review.hotel,
        source=review.source,
        ref=review.ref or str(content_id_of(review)),
        content_id=content_id_of(review),
        guest_id=next(iter(guests)) if len(guests) == 1 else None,
        stay_id=theirs[0].stay_id if len(theirs) == 1 else None,
        said_on=review.said_on,
        rating_given=review.rating_given,
        rating_scale=review.rating_scale,
        rating=review.rating,
        title_sealed=seal(review.title),
        liked_sealed=seal(review.liked),
        disliked_sealed=seal(review.disliked),
        text_sealed=seal(review.text),
    )
