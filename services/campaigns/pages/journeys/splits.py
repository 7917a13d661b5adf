"""The splits of a journey: what their ways brought, and which one is everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import numbers
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.splits import choose_way
from services.campaigns.pages.steps.split import way_name
from services.campaigns.queries.splits import Decided, SplitFigures
from services.campaigns.rules.winner import Standing
from services.campaigns.steps.kind import Document
from services.campaigns.steps.split import Split
from shared.access.audit import record
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import number, percent
from shared.web.i18n.languages import locale
from shared.web.site import here

found = Blueprint("campaigns_splits", __name__, url_prefix="/campaigns/journeys/<key>/splits")


@dataclass(frozen=True)
class WayLine:
    """One way: its share, who took it, and what it brought of those who had the time."""

    name: str
    label: str
    share: str
    taken: int
    counted: int
    goals: int
    rate: str
    is_everybodys: bool


@dataclass(frozen=True)
class SplitPart:
    """One split on its journey's page. `found`: what the figures tell, in a sentence."""

    step: str
    ways: list[WayLine]
    days: int | None
    found: str
    judged_at: datetime | None
    winner: str | None
    decisions: list[tuple[str, datetime]]


def split_parts(document: Document, figures: Mapping[str, SplitFigures]) -> list[SplitPart]:
    return [
        _part(step["key"], step[Split.kind], figures.get(step["key"], SplitFigures()))
        for step in document["steps"]
        if Split.kind in step
    ]


def _part(step: str, content: Document, figures: SplitFigures) -> SplitPart:
    whole = sum(way["weight"] for way in content["ways"])
    shown = figures.figures
    counts = {one["way"]: one for one in shown["ways"]} if shown else {}
    lines = []
    for way in content["ways"]:
        name = way["name"]
        count = counts.get(name, {"guests": 0, "goals": 0})
        lines.append(
            WayLine(
                name=name,
                label=way_name(name),
                share=percent(way["weight"], whole),
                taken=figures.taken.get(name, 0),
                counted=count["guests"],
                goals=count["goals"],
                rate=_rate(count["goals"], count["guests"]),
                is_everybodys=figures.winner == name,
            )
        )
    return SplitPart(
        step=step,
        ways=lines,
        days=content["winner"]["days"] if content["winner"] else None,
        found=found_words(shown),
        judged_at=figures.judged_at,
        winner=figures.winner,
        decisions=[(decided_words(one), one.at) for one in figures.decided],
    )


def _rate(goals: int, guests: int) -> str:
    """To a tenth of a per cent: that is what ways differ by."""
    return "–" if not guests else str(numbers.format_percent(goals / guests, format="#,##0.0%", locale=locale()))


def found_words(figures: Mapping[str, Any] | None) -> str:
    if figures is None or figures["standing"] == Standing.TOO_FEW:
        return str(gettext("Too few to tell."))
    lead = {
        "way": way_name(figures["best"]),
        "low": _points(figures["low"]),
        "high": _points(figures["high"]),
    }
    if figures["standing"] == Standing.WON:
        return str(gettext("%(way)s brings more: ahead of the next by %(low)s to %(high)s percentage points.", **lead))
    return str(
        gettext(
            "No difference yet: %(way)s is ahead by %(low)s to %(high)s percentage points, which may be chance.", **lead
        )
    )


def _points(share: float) -> str:
    return number(round(share * 100, 1))


def decided_words(one: Decided) -> str:
    if one.way is None:
        return str(gettext("%(who)s had guests divided again", who=one.by))
    if one.by is not None:
        return str(gettext("%(who)s gave everybody %(way)s", who=one.by, way=way_name(one.way)))
    ways = (one.figures or {}).get("ways", [])
    goals = ", ".join(
        gettext(
            "%(way)s: %(goals)s of %(guests)s",
            way=way_name(way["way"]),
            goals=number(way["goals"]),
            guests=number(way["guests"]),
        )
        for way in ways
    )
    return str(gettext("%(way)s won and is everybody's (%(goals)s)", way=way_name(one.way), goals=goals))


@found.post("/<step>/winner")
@needs(May.CONFIGURE)
def choose(key: str, step: str) -> Response:
    """`way`: everybody gets it from now on; empty: guests are divided again."""
    way, now = request.form.get("way") or None, here().now()
    with here().transaction() as tx:
        choose_way(tx, key, step, way, now, me().name)
        record(tx, me(), "journey.way_chosen", f"journey {key}", {"step": step, "way": way}, now)
    flash(
        gettext("Whoever comes to the split from now on gets %(way)s.", way=way_name(way))
        if way
        else gettext("Guests are divided again from now on.")
    )
    return redirect(url_for("campaigns_journeys.journey", key=key, _anchor=f"split-{step}"), 303)
