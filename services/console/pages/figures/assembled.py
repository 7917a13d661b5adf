"""The key figures of a window and of the same one a year before, from what each service counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from services.console.pages.figures.asked import Asked
from services.console.pages.figures.courses import OwnCourse, course_paths, courses_of, own_course, values_like
from services.console.queries.changes import stays_of
from services.console.queries.key_figures import revenue_in, sent_in, stays_in
from services.console.queries.properties import currencies
from services.console.rules.figures.changes import Count, Place
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.figures import NOBODY, Figure, Sent, Sources, cost_of, figures_of
from services.console.rules.figures.revenue import Revenue, merged
from services.console.store.figure_settings import FigureSetting, former_prices, known_channels, setting, targets
from shared.database.pool import Tx
from shared.vocabulary.window import Window
from shared.web.site import ask_neighbours, here


@dataclass(frozen=True)
class Line:
    """A figure of so many `days` with the same one of a year and of a window before, its target, and its course."""

    now: Figure
    before: Figure
    previous: Figure
    target: Decimal | None
    is_own_target: bool
    days: int
    course: Sequence[Decimal | None] = ()

    @property
    def meets(self) -> bool | None:
        return self.now.reaches(self.target, self.days)


@dataclass(frozen=True)
class Changes:
    """Stays of the window, the one before and a year before, and what they are made of."""

    stays: Count
    parts: Mapping[tuple[Place, str], Count]


@dataclass(frozen=True)
class KeyFigures:
    """`values`: what the cut can be narrowed to. `counted_at`: the night that counted guests; None, none has.
    `silent`: services that do not answer. `changes`: None of a cut."""

    lines: Sequence[Line]
    revenue: Sequence[Revenue]
    values: Sequence[Mapping[str, Any]]
    counted_at: datetime | None
    silent: Sequence[str]
    own: Sequence[str]
    changes: Changes | None


@dataclass(frozen=True)
class Own:
    """What console knows itself of each window."""

    stays: Sequence[Mapping[str, Any] | None]
    sent: Sequence[Sequence[Sent]]
    course: OwnCourse
    changes: tuple[Count, Mapping[tuple[Place, str], Count]] | None
    revenue: Sequence[Revenue]


@dataclass(frozen=True)
class House:
    """What the house set. `own`: channels of its own."""

    chosen: FigureSetting | None
    targets: Mapping[str, Decimal | None]
    own: Sequence[str]


def assemble(asked: Asked) -> KeyFigures:
    return assemble_all([asked])[0]


def assemble_all(several: Sequence[Asked]) -> list[KeyFigures]:
    """Of each in order. The other services are asked at once, outside of the transaction."""
    with here().transaction() as tx:
        chosen = setting(tx)
        own = chosen.direct if chosen else own_channels(known_channels(tx))
        house = House(chosen, targets(tx), own)
        mine = [_own(tx, one, own) for one in several]
    told = ask_neighbours(dict.fromkeys(path for one in several for path in paths(one).values()))
    return [_assembled(one, known, house, told) for one, known in zip(several, mine, strict=True)]


def _assembled(asked: Asked, mine: Own, house: House, told: Mapping[str, Any]) -> KeyFigures:
    answers = {name: told[path] for name, path in paths(asked).items()}
    guests = answers.get("segments")
    counted = [figures_counted(guests, window) for window in windows_of(asked)]
    made = [
        figures_of(_sources(asked, place, counted[place], mine, answers, house.chosen)) for place in range(len(counted))
    ]
    return KeyFigures(
        lines=_lines(asked.window, made, house.targets, courses_of(mine.course, answers, house.chosen)),
        revenue=mine.revenue,
        values=guests["values"] if guests else [],
        counted_at=datetime.fromisoformat(guests["counted_at"]) if guests and guests["counted_at"] else None,
        silent=sorted({name.split()[0] for name in paths(asked).keys() - course_paths(asked) if answers[name] is None}),
        own=house.own,
        changes=Changes(mine.changes[0], {**mine.changes[1], **_by_guests(counted)}) if mine.changes else None,
    )


def _lines(
    window: Window,
    made: Sequence[Sequence[Figure]],
    wanted: Mapping[str, Decimal | None],
    courses: Mapping[str, Sequence[Figure]],
) -> list[Line]:
    """`made`: of the window, the one before, the one a year before."""
    return [
        Line(
            now,
            before,
            previous,
            wanted.get(now.definition.key, now.definition.target),
            now.definition.key in wanted,
            (window.until - window.first).days,
            values_like(now, courses.get(now.definition.key, ())),
        )
        for now, previous, before in zip(*made, strict=True)
    ]


def windows_of(asked: Asked) -> tuple[Window, Window, Window]:
    """The one that is asked for, the one before, the one a year before."""
    return asked.window, asked.previous, asked.year_before


def paths(asked: Asked) -> dict[str, str]:
    """What is asked of whom; of feedback and campaigns for each window, and only where everybody is meant."""
    found = {} if asked.is_week else {"segments": f"/segments/figures?{asked.query()}"}
    if asked.cut:
        return found
    for place, window in enumerate(windows_of(asked)):
        days = {"hotel": asked.code, "from": window.first.isoformat(), "to": window.last.isoformat()}
        since, until = asked.instants(window)
        instants = {"hotel": asked.code, "since": since.isoformat(), "until": until.isoformat()}
        found[f"feedback {place}"] = f"/feedback/key-figures?{urlencode(days)}"
        found[f"campaigns {place}"] = f"/campaigns/key-figures?{urlencode(instants)}"
    return found | course_paths(asked)


def _own(tx: Tx, asked: Asked, own: Sequence[str]) -> Own:
    windows = windows_of(asked)
    return Own(
        stays=[stays_in(tx, window, asked.code, own, asked.cut, asked.value) for window in windows],
        sent=[[] if asked.cut else sent_in(tx, *asked.instants(window), asked.code) for window in windows],
        course=own_course(tx, asked, own),
        changes=None if asked.cut else stays_of(tx, windows, asked.code),
        revenue=merged(revenue_in(tx, asked.window, asked.code, asked.cut, asked.value), currencies(tx)),
    )


def figures_counted(guests: Mapping[str, Any] | None, window: Window) -> Mapping[str, Any] | None:
    """What segments counted of a window; None where it does not answer, or has not counted it yet."""
    told: Mapping[str, Any] | None = guests["windows"].get(window.first.isoformat()) if guests else None
    if guests and told is None and guests["counted_at"]:
        return {**NOBODY, "currency": guests["currency"]}
    return told


def _by_guests(counted: Sequence[Mapping[str, Any] | None]) -> dict[tuple[Place, str], Count]:
    """Nothing where one of the windows was not counted."""
    there = [one for one in counted if one is not None]
    if len(there) < len(counted):
        return {}
    known = Count(*(int(one["known"]) for one in there))
    new = Count(*(int(one["guests"]) - int(one["known"]) for one in there))
    return {(Place.GUESTS, "known"): known, (Place.GUESTS, "new"): new}


def _sources(
    asked: Asked,
    place: int,
    counted: Mapping[str, Any] | None,
    mine: Own,
    answers: Mapping[str, Any],
    chosen: FigureSetting | None,
) -> Sources:
    won = answers.get(f"campaigns {place}")
    return Sources(
        guests=counted,
        stays=mine.stays[place],
        answers=None if asked.cut else answers.get(f"feedback {place}"),
        won=won["won"] if won else None,
        cost=None if asked.cut else cost_of(mine.sent[place], *former_prices(chosen)),
        is_awaited=won is not None and won["won"] is None,
    )
