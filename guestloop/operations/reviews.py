"""Look at a file of reviews, or keep them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from guestloop.operations.connect import Installation
from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.reading_reviews import ReviewList
from services.feedback.commands.heard.reviews import keep_part, look_at_reviews, understood_of
from services.feedback.rules.files.days import DayOrder
from services.feedback.rules.files.review_file import Wanted
from services.feedback.rules.files.review_headings import source_code
from services.feedback.store.properties import names_of
from shared.access.people import hotels as hotels_there_are
from shared.clock import Clock
from shared.errors import InputError
from shared.table_files.reading import Reading

BY = "the command line"


@dataclass(frozen=True)
class ReviewsRead:
    opened: ReviewList
    outcomes: Counter[str]


@dataclass(frozen=True, kw_only=True)
class ReviewFile:
    """What is said of a file on the command line."""

    path: Path
    reading: Reading
    hotel: str | None
    source: str | None
    order: DayOrder | None
    scale: int | None


def look_at_reviews_of(installation: Installation, file: ReviewFile, clock: Clock) -> ReviewsRead:
    """What the file holds; nothing is kept. Raises `InputError` where it is no such file."""
    found = ReviewsRead(_opened(installation, file, clock), Counter())
    for chunk in found.opened.chunks():
        with installation.group.database("feedback").transaction() as tx:
            found.outcomes.update(look_at_reviews(tx, chunk))
    return found


def import_reviews(installation: Installation, file: ReviewFile, clock: Clock) -> ReviewsRead:
    """Keeps the reviews, in chunks. The same file again keeps nothing twice. Raises `InputError` where it is no such
    file, or leaves something open."""
    found = ReviewsRead(_opened(installation, file, clock), Counter())
    if found.opened.asked:
        raise InputError(None, {f"--{one.subject}": str(one) for one in found.opened.asked})
    with installation.group.database("feedback").transaction() as tx:
        house = {code: house_words(tx, code) for code in names_of(tx, [None])}
    for chunk in found.opened.chunks():
        heard, now = [understood_of(one, house[one.hotel]) for one in chunk], clock.now()
        with installation.group.database("feedback").transaction() as tx:
            came = keep_part(tx, chunk, heard, file.path.name, now, BY)
        found.outcomes.update(came)
    return found


def _opened(installation: Installation, file: ReviewFile, clock: Clock) -> ReviewList:
    with installation.group.database("feedback").transaction() as tx:
        hotels = names_of(tx, [None])
        zones = {one.code: one.zone for one in hotels_there_are(tx)}
    if file.hotel is not None and file.hotel not in hotels:
        raise InputError(None, {"--hotel": f"there is no hotel {file.hotel!r}; there are: {', '.join(sorted(hotels))}"})
    called = {name.casefold(): code for code, its_name in hotels.items() for name in (its_name, code)}
    usual = next(iter(hotels)) if len(hotels) == 1 else None
    wanted = Wanted(
        hotels=called,
        hotel=file.hotel or usual,
        source=source_code(file.source or ""),
        zones=zones,
        now=clock.now(),
        order=file.order,
    )
    return ReviewList(file.path, file.reading, wanted, file.scale)
