"""What a page of results was asked for: days of entry, by what they are told apart, of which version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import request
from flask_babel import gettext

from services.campaigns.queries.results import ANY, By
from shared.web.site import here

USUAL = timedelta(days=90)
LONGEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Asked:
    """The days that were asked for, first and last; what was typed wrongly is left out and said. `version`: of whom;
    0 for whichever."""

    first: date
    last: date
    by: By
    version: int
    problem: str | None = None


def asked_results() -> Asked:
    """From the address; the last 90 days where it says nothing."""
    today = here().now().date()
    by, version = _by(request.args.get("by", "")), request.args.get("version", ANY, type=int)
    usual = Asked(today - USUAL, today, by, version)
    try:
        first = date.fromisoformat(request.args.get("from") or usual.first.isoformat())
        last = date.fromisoformat(request.args.get("to") or usual.last.isoformat())
    except ValueError:
        return replace(usual, problem=gettext("A day is written like 2026-11-28."))
    if first > last or last - first > LONGEST:
        return replace(usual, problem=gettext("The first day comes before the last, two years at most."))
    return Asked(first, last, by, version)


def _by(text: str) -> By:
    return By(text) if text in tuple(By) else By.JOURNEY
