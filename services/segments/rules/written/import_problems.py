"""What may be wrong with a row of a file: a closed set, so that pages need no English to tell one from another."""

from __future__ import annotations

import re

from shared.errors import Problem
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.term import N_, Term


class RejectReason(Term):
    """Why a row is refused. The value is what the file of refused rows and the API say, and what is stored."""

    MISSING = "missing", N_("missing")
    TOO_LONG = "too long", N_("too long")
    NOT_TEXT = "not UTF-8 text", N_("not readable as text (UTF-8)")
    NOT_A_DATE = "not a date", N_("not a date")
    OTHER_DATE = "not a date written as the other rows are", N_("not a date written as in the other rows")
    YEAR_FIRST = (
        "the year stands first, unlike in the other rows",
        N_("the year stands first, unlike in the other rows"),
    )
    OTHER_CALENDAR = (
        "a year of the Buddhist calendar, 543 years ahead",
        N_("a year of the Buddhist calendar, which is 543 years ahead"),
    )
    NO_STATUS = "no status of a stay known here", N_("no status of a stay known here")
    BEFORE_ARRIVAL = "before the arrival", N_("before the arrival")
    AFTER_DEPARTURE = "after the departure", N_("after the departure")
    OUT_BEFORE_ARRIVAL = "checked out before the arrival", N_("checked out before the arrival")
    BEFORE_BOOKING = "before the day of booking", N_("before the day of booking")
    ANOTHER_HOTEL = (
        "a row of another hotel: whoever brought this file is limited to their own",
        N_("a row of a hotel that is not yours"),
    )
    UNKNOWN_HOTEL = "no property of that code is known", N_("no hotel of this code is known")
    LEFT_OUT = "left out: its status is said to be none of a stay", N_("left out, as was said of this status")
    NO_TODAY = "there is no today here: say a day", N_("there is no «today» here: say a day")
    NOBODY = (
        "no e-mail address, no number, and no name with a birth date: nobody can be told by it",
        N_("no e-mail address, no number, and no name with a birth date: nobody can be told by it"),
    )
    OTHERS = "other reasons", N_("other reasons")
    NOT_ENTERED = "could not be entered", N_("could not be entered; the other rows were")

    # Of a value that could be read and is not used; the row stays.
    NO_AMOUNT = "below nothing, or in two currencies", N_("below nothing, or in two currencies")
    ABSURD = "forty times what the others pay: a typing error", N_("more than forty times the usual rate")
    BORN_AFTER_BOOKING = "born after the day of booking", N_("born after the day of booking")

    BORN_LATER = "born after the file was made", N_("born after the file was made")

    @classmethod
    def _missing_(cls, value: object) -> RejectReason | None:
        """As 0.1.0 stored it."""
        return cls.ANOTHER_HOTEL if str(value).startswith("a row of another hotel:") else None


QUESTIONS = frozenset({FileProblem.DATE_ORDER, FileProblem.ENCODING, FileProblem.SHEET, FileProblem.HEADING})
"""What a file leaves open, told with examples of its cells."""


A_VALUE = re.compile("«[^»]*»")


def without_values(problem: str) -> str:
    """The problem as it is kept: a question shows cells of the file only to whoever asks it anew."""
    if isinstance(problem, Problem) and problem.code in QUESTIONS:
        return Problem(A_VALUE.sub("«…»", problem), problem.code, **problem.values)
    return problem
