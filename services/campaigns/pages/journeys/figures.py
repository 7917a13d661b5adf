"""A journey's goal as a figure: never without its n, and compared only where both groups are large enough."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from services.campaigns.queries.journeys import JourneyLine
from shared.web.i18n.formatting import number, percent

ENOUGH = 100


@dataclass(frozen=True)
class GoalFigure:
    rate: str
    of: str
    against: str


def goal_of(line: JourneyLine) -> GoalFigure | None:
    """None where there is no goal, or nobody was written to yet."""
    if not line.has_goal or not line.written:
        return None
    of = ngettext("of %(count)s guest", "of %(count)s guests", line.written, count=number(line.written))
    return GoalFigure(percent(line.reached, line.written), of, _against(line))


def _against(line: JourneyLine) -> str:
    if not line.control:
        return str(gettext("no control group"))
    if line.written < ENOUGH or line.control < ENOUGH:
        return str(gettext("against the control group: too few to tell"))
    return str(
        gettext(
            "without it: %(rate)s of %(count)s in the control group",
            rate=percent(line.control_reached, line.control),
            count=number(line.control),
        )
    )
