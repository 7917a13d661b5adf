"""What is watched at each hotel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from services.console.rules.warnings.control import Judged, Point, judged
from shared.vocabulary.signal import Signal
from shared.vocabulary.term import N_


@dataclass(frozen=True, kw_only=True)
class Watched:
    """`days`: that one point is made of; `points`: those before the one that is judged. `fewest`: of a smaller whole
    nothing is told. `least`: of fewer of the part no warning is given. `explained`: how it is counted."""

    rises: bool
    fewest: float
    least: int
    explained: str
    days: int = 7
    points: int = 26


WATCHED = {
    Signal.COMPLAINTS: Watched(
        rises=True, fewest=10, least=3, explained=N_("Complaints opened in seven days, by stays that ended.")
    ),
    Signal.NPS: Watched(
        rises=False,
        fewest=10,
        least=0,
        explained=N_("Promoters less detractors, of the answers of seven days."),
    ),
    Signal.BOUNCES: Watched(
        rises=True, fewest=50, least=5, explained=N_("E-mail that came back in seven days, of e-mail sent.")
    ),
    Signal.SPAM: Watched(
        rises=True, fewest=100, least=3, explained=N_("E-mail reported as spam in seven days, of e-mail sent.")
    ),
    Signal.OPT_OUTS: Watched(
        rises=True,
        fewest=100,
        least=3,
        explained=N_("Objections to offers in seven days, by whose last stay was here, of offers sent."),
    ),
    Signal.SENDER: Watched(
        rises=True,
        fewest=100,
        least=5,
        explained=N_(
            "Of each sender and purpose: messages that came back or were reported as spam in seven days, of messages "
            "sent."
        ),
    ),
    Signal.REACH: Watched(
        rises=True,
        fewest=100,
        least=10,
        explained=N_("Offers that might not be sent, for want of consent or an address, of those due in seven days."),
    ),
    Signal.ARRIVALS: Watched(
        rises=False,
        fewest=10,
        least=0,
        explained=N_("Stays booked so far that arrive in the next 28 days, by those booked as early a year before."),
        days=28,
        points=13,
    ),
    Signal.OCCUPANCY: Watched(
        rises=False,
        fewest=28,
        least=0,
        explained=N_(
            "Nights booked so far for the next 28 days by the rooms there are, less those booked as early a year "
            "before. Of hotels that say how many rooms they let."
        ),
        days=28,
        points=13,
    ),
    Signal.NIGHTS: Watched(
        rises=False,
        fewest=30,
        least=0,
        explained=N_(
            "Nights of stays booked so far for the next 28 days, by those booked as early a year before. Of hotels "
            "whose number of rooms is not known."
        ),
        days=28,
        points=13,
    ),
}
"""By signal; `UNHEARD` and `FEED` are judged by days without news (`silence`, `silent_source`)."""
FAR = 0.00135
"""What chance brings once in 741 looks: beyond three standard errors on one side."""
LOOKED_BACK = 120
FEWEST_ACTIVE = 30
SOURCE_POINTS = 26


def judge(signal: Signal, points: Sequence[Point]) -> Judged | None:
    """`points`: in order of time, the newest last. None: nothing can be told, or there is too little to warn of."""
    kind = WATCHED[signal]
    if not points or (points[-1].part < kind.least and kind.rises):
        return None
    return judged(points[:-1], points[-1], rises=kind.rises, fewest=kind.fewest)


def silent_source(gaps: Sequence[int], silent: int) -> Judged | None:
    """Whether a source has been silent for too long. `gaps`: days from one day with news to the next, in order of time;
    `silent`: days since the last, so that the gap that is open is one day more at least."""
    before = [Point(float(gap), 1.0) for gap in gaps[-SOURCE_POINTS:]]
    return judged(before, Point(silent + 1.0, 1.0), rises=True, fewest=1)


def silence(active: int, days: int, silent: int) -> Judged | None:
    """Whether a hotel has been silent for too long: the geometric chart of days between events (Benneyan, 2001).

    `active`: days with a booking, of `days` before the silence; `silent`: days without one since.
    """
    if active < FEWEST_ACTIVE or days <= 0:
        return None
    share = min(active / days, 1 - 1 / (2 * days))
    border = log(FAR) / log(1 - share)
    return Judged(float(silent), 1 / share - 1, border, silent > border)
