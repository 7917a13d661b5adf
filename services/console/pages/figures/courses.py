"""The course of key figures over the last windows: of guests, stays, answers and what a booking won cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from services.console.pages.figures.asked import Asked
from services.console.queries.key_figures import sent_by_window, stays_by_window
from services.console.rules.figures.figures import Figure, Sent, Sources, cost_of, figures_of
from services.console.store.figure_settings import FigureSetting, former_prices
from shared.database.pool import Tx
from shared.vocabulary.window import A_COURSE, last_windows


@dataclass(frozen=True)
class OwnCourse:
    """What console knows itself, by first day. `sent`: of everybody alone."""

    stays: Mapping[date, Mapping[str, Any]]
    sent: Mapping[date, Sequence[Sent]]


NO_COURSE = OwnCourse({}, {})


def own_course(tx: Tx, asked: Asked, own: Sequence[str]) -> OwnCourse:
    """Weeks have none."""
    if asked.is_week:
        return NO_COURSE
    drawn = last_windows(asked.span, asked.window.first, A_COURSE)
    sent = [] if asked.cut else sent_by_window(tx, [asked.instants(one) for one in drawn], asked.code)
    return OwnCourse(
        stays_by_window(tx, drawn, asked.code, own, asked.cut, asked.value),
        {one.first: messages for one, messages in zip(drawn, sent, strict=False)},
    )


def course_paths(asked: Asked) -> dict[str, str]:
    """What is asked of whom, beside segments' figures, which have their course with them."""
    if asked.is_week or asked.cut:
        return {}
    values = {"hotel": asked.code, "span": str(asked.span), "first": asked.window.first.isoformat()}
    return {
        "feedback course": f"/feedback/key-figure-courses?{urlencode(values)}",
        "campaigns course": f"/campaigns/key-figure-courses?{urlencode({**values, 'zone': asked.zone})}",
    }


def courses_of(
    mine: OwnCourse, answers: Mapping[str, Any], chosen: FigureSetting | None
) -> dict[str, Sequence[Figure]]:
    """Of the last windows in order, by figure. `answers`: of the other services, by the names of the paths."""
    guests = _told(answers, "segments", "windows")
    voices, won = (_told(answers, f"{service} course", what) for service, what in (
        ("feedback", "windows"), ("campaigns", "won"),
    ))  # fmt: skip
    found: dict[str, list[Figure]] = {}
    for first in sorted({*map(date.fromisoformat, [*guests, *voices, *won]), *mine.stays}):
        day = first.isoformat()
        sources = Sources(
            guests.get(day),
            mine.stays.get(first),
            voices.get(day),
            won.get(day),
            cost_of(mine.sent[first], *former_prices(chosen)) if first in mine.sent else None,
        )
        for figure in figures_of(sources):
            found.setdefault(figure.definition.key, []).append(figure)
    return dict(found)


def values_like(now: Figure, course: Sequence[Figure]) -> list[Decimal | None]:
    """Of those in the currency that the figure is in: others are not comparable."""
    values = [one.value if one.currency == now.currency else None for one in course]
    return values if any(value is not None for value in values) else []


def _told(answers: Mapping[str, Any], name: str, what: str) -> Mapping[str, Any]:
    return (answers.get(name) or {}).get(what) or {}
