"""Who is to come again: what the year ahead is to bring, and how the same would have gone a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext, ngettext

from services.segments.queries.prediction.predicted import Expected, compared_lines, expected_of, last_prediction
from services.segments.store.prediction.sums import Tested
from shared.access.people import May
from shared.web.access_control import chosen_hotel, needs, scope
from shared.web.i18n.formatting import money, number
from shared.web.site import here

pages = Blueprint("segments_predictions", __name__, url_prefix="/segments/predictions")
BAR_WIDTH = 200
"""Of the longest bar, in the units of the drawing."""


@dataclass(frozen=True)
class Line:
    """`predicted_width`, `came_width`: of its two bars."""

    who: str
    tested: Tested
    predicted_width: float
    came_width: float


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    """It is fitted on the guests of all hotels together; shown are those of the hotels looked at."""
    looked_at = scope()
    with here().transaction() as tx:
        found = last_prediction(tx)
        expected = expected_of(tx, found.as_of, looked_at) if found else None
        tests = compared_lines(tx, found.as_of, looked_at) if found else []
    hotel = chosen_hotel()
    return render_template(
        "predictions.html",
        found=found,
        expected=expected,
        worth=worth_words(expected, found.currency) if found and expected else "",
        lines=lines_of(tests),
        predicted=sum(one.predicted for one in tests),
        came=sum(one.came for one in tests),
        hotel=hotel.name if hotel else "",
        sees_all=looked_at.everywhere,
    )


def worth_words(expected: Expected, reporting: str) -> str:
    """In the currency of the hotels, where they have one and its rate is known, else in the reporting currency."""
    if len(expected.currencies) == 1 and expected.worth_there is not None:
        return money(expected.worth_there, expected.currencies[0])
    return money(expected.worth, reporting)


def lines_of(tests: Sequence[Tested]) -> list[Line]:
    longest = max((max(one.predicted, one.came) for one in tests), default=0) or 1
    return [
        Line(_who(one, tests), one, BAR_WIDTH * one.predicted / longest, BAR_WIDTH * one.came / longest)
        for one in tests
    ]


def _who(one: Tested, lines: Sequence[Tested]) -> str:
    count = number(one.before)
    if one is lines[-1] and len(lines) > 1:
        return gettext("%(count)s visits before, or more", count=count)
    return str(ngettext("%(count)s visit before", "%(count)s visits before", one.before, count=count))
