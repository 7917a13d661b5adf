"""The key figures of a window and of the same one a year before, from what each service counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from services.console.pages.figures.asked import Asked
from services.console.queries.key_figures import revenue_in, sent_in, stays_in
from services.console.queries.properties import currencies
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.figures import NOBODY, Figure, Sent, Sources, cost_of, figures_of
from services.console.rules.figures.revenue import Revenue, merged
from services.console.store.figure_settings import FigureSetting, former_prices, known_channels, setting, targets
from shared.database.pool import Tx
from shared.vocabulary.window import Window
from shared.web.site import ask_neighbours, here


@dataclass(frozen=True)
class Line:
    """A figure of so many `days` with the same one of a year before, its target, and its course over the last
    windows."""

    now: Figure
    before: Figure
    target: Decimal | None
    is_own_target: bool
    days: int
    course: Sequence[Decimal | None] = ()

    @property
    def meets(self) -> bool | None:
        return self.now.reaches(self.target, self.days)


@dataclass(frozen=True)
class KeyFigures:
    """`values`: what the cut can be narrowed to. `counted_at`: the night that counted guests; None, none has.
    `silent`: services that do not answer."""

    lines: Sequence[Line]
    revenue: Sequence[Revenue]
    values: Sequence[Mapping[str, Any]]
    counted_at: datetime | None
    silent: Sequence[str]
    own: Sequence[str]


@dataclass(frozen=True)
class Own:
    """What console knows itself."""

    stays: Mapping[str, Any] | None
    sent: Sequence[Sent]


def assemble(asked: Asked) -> KeyFigures:
    """The other services are asked outside of the transaction."""
    with here().transaction() as tx:
        chosen, wanted = setting(tx), targets(tx)
        own = chosen.direct if chosen else own_channels(known_channels(tx))
        mine = {window: _own(tx, asked, window, own) for window in (asked.window, asked.year_before)}
        revenue = merged(revenue_in(tx, asked.window, asked.code, asked.cut, asked.value), currencies(tx))
    told = ask_neighbours(list(paths(asked).values()))
    answers = {name: told[path] for name, path in paths(asked).items()}
    guests = answers["segments"]
    made = [
        figures_of(_sources(asked, window, place, mine[window], answers, chosen))
        for place, window in enumerate((asked.window, asked.year_before))
    ]
    lines = [
        Line(
            now,
            before,
            wanted.get(now.definition.key, now.definition.target),
            now.definition.key in wanted,
            (asked.window.until - asked.window.first).days,
            _course(now, guests),
        )
        for now, before in zip(*made, strict=True)
    ]
    return KeyFigures(
        lines=lines,
        revenue=revenue,
        values=guests["values"] if guests else [],
        counted_at=datetime.fromisoformat(guests["counted_at"]) if guests and guests["counted_at"] else None,
        silent=sorted({name.split()[0] for name, answer in answers.items() if answer is None}),
        own=own,
    )


def paths(asked: Asked) -> dict[str, str]:
    """What is asked of whom; of feedback and campaigns twice, and only where everybody is meant."""
    found = {"segments": f"/segments/figures?{asked.query()}"}
    if asked.cut:
        return found
    for place, window in enumerate((asked.window, asked.year_before)):
        days = {"hotel": asked.code, "from": window.first.isoformat(), "to": window.last.isoformat()}
        since, until = asked.instants(window)
        instants = {"hotel": asked.code, "since": since.isoformat(), "until": until.isoformat()}
        found[f"feedback {place}"] = f"/feedback/key-figures?{urlencode(days)}"
        found[f"campaigns {place}"] = f"/campaigns/key-figures?{urlencode(instants)}"
    return found


def _own(tx: Tx, asked: Asked, window: Window, own: Sequence[str]) -> Own:
    stays = stays_in(tx, window, asked.code, own, asked.cut, asked.value)
    return Own(stays, [] if asked.cut else sent_in(tx, *asked.instants(window), asked.code))


def _sources(
    asked: Asked, window: Window, place: int, own: Own, answers: Mapping[str, Any], chosen: FigureSetting | None
) -> Sources:
    guests, won = answers["segments"], answers.get(f"campaigns {place}")
    told = guests["windows"].get(window.first.isoformat()) if guests else None
    if guests and told is None and guests["counted_at"]:
        told = {**NOBODY, "currency": guests["currency"]}
    return Sources(
        guests=told,
        stays=own.stays,
        answers=None if asked.cut else answers.get(f"feedback {place}"),
        won=won["won"] if won else None,
        cost=None if asked.cut else cost_of(own.sent, *former_prices(chosen)),
        is_awaited=won is not None and won["won"] is None,
    )


def _course(figure: Figure, guests: Mapping[str, Any] | None) -> list[Decimal | None]:
    """Of the last windows; of figures that segments counts."""
    if not guests:
        return []
    firsts = sorted(guests["windows"], key=date.fromisoformat)
    found = (
        {one.definition.key: one for one in figures_of(Sources(guests["windows"][first], None, None, None, None))}
        for first in firsts
    )
    course = [one[figure.definition.key].value for one in found]
    return course if any(value is not None for value in course) else []
