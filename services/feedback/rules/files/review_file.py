"""A line of a file of reviews of a booking site: the review it holds, or why it holds none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from services.feedback.rules.files.days import DayOrder, day_in
from services.feedback.rules.files.ratings import Rating, rating_in
from services.feedback.rules.files.review_headings import Field, source_code
from shared.localtime import day_at
from shared.vocabulary.term import N_, Term

LONGEST = 10_000
"""Letters of a review."""
LONGEST_REF = 200
MOST_TOLD = 200
SURROGATE = re.compile("[\ud800-\udfff\x00]")


class ReviewFault(Term):
    """Why a line holds no review."""

    BROKEN = "broken", N_("cannot be cut into cells as the other lines are")
    LETTERS = "letters", N_("letters that cannot be read: say which encoding the file has")
    EMPTY = "empty", N_("neither a rating nor words")
    NO_DAY = "no_day", N_("no day that can be understood")
    LATER = "later", N_("a day that has not come yet")
    RATING = "rating", N_("a rating that is none, or goes beyond its scale")
    HOTEL = "hotel", N_("no hotel of yours: say whose reviews they are")
    SOURCE = "source", N_("no booking site that can be told by its letters")
    LONG = "long", N_("longer than 10,000 letters")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A review as it stands in a file; its rating still without a scale, where it names none."""

    line: int
    ref: str | None
    source: str
    hotel: str
    said_on: date
    rating_given: str | None
    rating: Rating | None
    title: str
    liked: str
    disliked: str
    text: str
    reservation: str | None


@dataclass(frozen=True, kw_only=True)
class Review:
    """A review as it is kept. `rating`: of ten."""

    ref: str | None
    source: str
    hotel: str
    said_on: date
    rating_given: str | None = None
    rating_scale: int | None = None
    rating: Decimal | None = None
    title: str = ""
    liked: str = ""
    disliked: str = ""
    text: str = ""
    reservation: str | None = None
    line: int = 0


@dataclass
class Tally:
    """What the lines hold. `rejected`: the first that hold no review, each with why; `reasons`: how many of each."""

    lines: int = 0
    reviews: int = 0
    rejected: list[tuple[int, ReviewFault]] = field(default_factory=list)
    reasons: Counter[ReviewFault] = field(default_factory=Counter)

    def reject(self, line: int, why: ReviewFault) -> None:
        self.reasons[why] += 1
        if len(self.rejected) < MOST_TOLD:
            self.rejected.append((line, why))


@dataclass(frozen=True)
class Wanted:
    """What is said of a file: its hotel and its site where it has no column of them, and the order of its days.
    `hotels`: by what a cell may call each of this person's hotels (code or name, in small letters) its code. `zones`:
    by code; `now`: no review is of a later day than it is at its hotel."""

    hotels: Mapping[str, str]
    hotel: str | None
    source: str | None
    zones: Mapping[str, str]
    now: datetime
    order: DayOrder | None = None

    def has_come(self, day: date, hotel: str | None) -> bool:
        return day <= day_at(self.now, self.zones.get(hotel) if hotel else None)


def read_line(tally: Tally, line: int, cells: Mapping[Field, str], wanted: Wanted) -> Line | None:
    """None where the line holds no review; the tally says why."""
    said = {each: text.strip() for each, text in cells.items()}
    hotel = wanted.hotels.get(said[Field.HOTEL].casefold()) if said.get(Field.HOTEL) else wanted.hotel
    source = source_code(said[Field.SOURCE]) if said.get(Field.SOURCE) else wanted.source
    words = [said.get(each, "") for each in (Field.TITLE, Field.LIKED, Field.DISLIKED, Field.TEXT)]
    given = said.get(Field.RATING, "")
    rating = rating_in(given) if given else None
    day = day_in(said.get(Field.DAY, ""), wanted.order)
    why = next(
        (
            fault
            for fault, is_so in (
                (ReviewFault.LETTERS, any(SURROGATE.search(text) for text in said.values())),
                (ReviewFault.EMPTY, not given and not any(words)),
                (ReviewFault.LONG, sum(map(len, words)) > LONGEST or len(said.get(Field.REF, "")) > LONGEST_REF),
                (ReviewFault.RATING, bool(given) and rating is None),
                (ReviewFault.NO_DAY, day is None),
                (ReviewFault.LATER, day is not None and not wanted.has_come(day, hotel)),
                (ReviewFault.HOTEL, hotel is None),
                (ReviewFault.SOURCE, source is None),
            )
            if is_so
        ),
        None,
    )
    if why or day is None or hotel is None or source is None:
        tally.reject(line, why or ReviewFault.NO_DAY)
        return None
    title, liked, disliked, text = words
    return Line(
        line=line, ref=said.get(Field.REF) or None, source=source, hotel=hotel, said_on=day,
        rating_given=given or None, rating=rating, title=title, liked=liked, disliked=disliked, text=text,
        reservation=said.get(Field.RESERVATION) or None,
    )  # fmt: skip
