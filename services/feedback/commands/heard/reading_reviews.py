"""A file of reviews, opened as whatever it is: its columns, what it leaves open, and its reviews in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.feedback.rules.files.days import READ_AS, settle
from services.feedback.rules.files.ratings import KNOWN, Rating, rating_in, scale_said, scales_that_fit
from services.feedback.rules.files.review_file import Line, Review, ReviewFault, Tally, Wanted, read_line
from services.feedback.rules.files.review_headings import NAMED, Field, columns_of, source_code
from shared.errors import InputError, Problem
from shared.table_files.headings import normalised
from shared.table_files.reading import Ambiguity, Reading
from shared.table_files.table import TableFile
from shared.vocabulary.file_problem import FileProblem

AT_ONCE = 200  # reviews
DATES, SCALE = "dates", "scale"
"""What is asked about the days, and about the ratings of the file's sites."""
SAYS = (Field.RATING, Field.TEXT, Field.LIKED, Field.DISLIKED, Field.TITLE)
CLEAR = (FileProblem.ENCODING, FileProblem.SHEET)


class ReviewList:
    """`asked`: what must be said before anything is kept. `scales`: by site of how many its ratings are, as far as it
    is settled: said by somebody, by the heading, or by what is known of the site. `tally`: what the lines held.

    Raises `InputError` where the file is no table, or has no column of a rating or of words, or none of days.
    """

    def __init__(self, path: Path, reading: Reading, wanted: Wanted, scale: int | None = None) -> None:
        self.table = TableFile(path, reading, frozenset(NAMED), cuts=True)
        self.columns = columns_of([normalised(one) for one in self.table.header])
        if Field.DAY not in self.columns or self.columns.keys().isdisjoint(SAYS):
            why = "a column of days is needed, and one of ratings or of words"
            raise InputError(None, {"file": Problem(why, FileProblem.NO_COLUMN)})
        self.asked: list[Ambiguity] = [one for one in self.table.ambiguities if one.kind in CLEAR]
        self.tally = Tally()
        heading = self.table.header[self.columns[Field.RATING]] if Field.RATING in self.columns else ""
        self._said = scale or scale_said(heading)
        self._look(wanted)

    @property
    def read_as(self) -> Mapping[str, Field]:
        """By heading what its column holds."""
        return {self.table.header[place].strip(): known for known, place in self.columns.items()}

    @property
    def not_read(self) -> Sequence[str]:
        taken = set(self.columns.values())
        return [name.strip() for place, name in enumerate(self.table.header) if place not in taken and name.strip()]

    def chunks(self) -> Iterator[list[Review]]:
        """Raises `InputError` where the file is damaged further down."""
        self.tally, found = Tally(), list[Review]()
        for line in self._lines():
            if (review := self._review(line)) is not None:
                self.tally.reviews += 1
                found.append(review)
            if len(found) >= AT_ONCE:
                yield found
                found = []
        if found:
            yield found

    def _look(self, wanted: Wanted) -> None:
        """Settles the order of its days and the scale of each site's ratings, from all of its lines."""
        days, most = dict[str, None](), dict[str, Rating]()
        for cells in self._cells():
            days[cells[Field.DAY].strip()] = None
            source = source_code(cells[Field.SOURCE]) if cells.get(Field.SOURCE, "").strip() else wanted.source
            rating = rating_in(cells.get(Field.RATING, "")) if cells.get(Field.RATING, "").strip() else None
            if rating and rating.scale is None and source:
                most[source] = max(most.get(source, rating), rating, key=lambda one: one.value)
        found = settle(days)
        if found.asked and wanted.order is None:
            shown = {str(one): found.asked[one] for one in READ_AS}
            self.asked.append(Ambiguity(FileProblem.DATE_ORDER, DATES, shown))
        self._wanted = replace(wanted, order=wanted.order or found.order)
        self.scales: dict[str, int] = {}
        for source, rating in sorted(most.items()):
            self._settle(source, rating)

    def _settle(self, source: str, most: Rating) -> None:
        """A scale that the ratings go beyond is none, whoever says so."""
        fitting = scales_that_fit([most])
        said = self._said or KNOWN.get(source)
        if said is not None and said in fitting:
            self.scales[source] = said
        elif len(fitting) == 1:
            self.scales[source] = next(iter(fitting))
        elif all(one.subject != SCALE for one in self.asked):
            shown = {str(one): f"{most.value}/{one}" for one in fitting}
            self.asked.append(Ambiguity(FileProblem.RATING_SCALE, SCALE, shown))

    def _cells(self) -> Iterator[Mapping[Field, str]]:
        for record in self.table.records():
            if record.problem is None:
                yield self._by_field(record.cells)

    def _lines(self) -> Iterator[Line]:
        for record in self.table.records():
            self.tally.lines += 1
            if record.problem is not None:
                self.tally.reject(record.line, ReviewFault.BROKEN)
            elif line := read_line(self.tally, record.line, self._by_field(record.cells), self._wanted):
                yield line

    def _by_field(self, cells: Sequence[str]) -> Mapping[Field, str]:
        return {known: cells[place] for known, place in self.columns.items()}

    def _review(self, line: Line) -> Review | None:
        scale = (line.rating.scale or self.scales.get(line.source)) if line.rating else None
        if line.rating and (scale is None or not line.rating.fits(scale)):
            self.tally.reject(line.line, ReviewFault.RATING)
            return None
        return Review(
            ref=line.ref,
            source=line.source,
            hotel=line.hotel,
            said_on=line.said_on,
            rating_given=line.rating_given,
            rating_scale=scale,
            rating=line.rating.of_ten(scale) if line.rating and scale else None,
            title=line.title,
            liked=line.liked,
            disliked=line.disliked,
            text=line.text,
            reservation=line.reservation,
            line=line.line,
        )
