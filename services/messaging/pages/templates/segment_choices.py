"""The segments that a block may be shown by, and the house's own dates that a text may say, as the service of segments
names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext

from services.messaging.wording.own_dates import key_of, value_of
from shared.web.site import ask_neighbours

PATH = "/segments/segments/choices"


def load_segment_choices() -> None:
    """Before a page's transaction begins: nobody is asked within one."""
    answer = ask_neighbours([PATH])[PATH]
    g.segment_choices = _named(answer, "segments")
    if isinstance(answer, dict) and "dates" in answer:
        g.own_dates = _named(answer, "dates")


def _named(answer: Any, what: str) -> dict[str, str]:
    rows = answer.get(what) if isinstance(answer, dict) else None
    found = [row for row in rows if isinstance(row, dict) and "key" in row] if isinstance(rows, list) else []
    return {str(row["key"]): str(row.get("name") or row["key"]) for row in found}


def load_segments_of(guest: str | None) -> None:
    """The segments that a guest is in, as their own service knows them; before a page's transaction too."""
    try:
        path = f"/segments/segments/of/{UUID(guest or '')}"
    except ValueError:
        return
    answer = ask_neighbours([path])[path]
    rows = answer.get("segments") if isinstance(answer, dict) else None
    if isinstance(rows, list):
        g.segments_of_guest = frozenset(map(str, rows))


def segments_of_guest() -> frozenset[str] | None:
    """By key; None where nobody was asked or nobody answered."""
    found: frozenset[str] | None = g.get("segments_of_guest")
    return found


def segment_choices() -> Mapping[str, str]:
    """By key; empty where nobody answered: then keys are typed."""
    named: Mapping[str, str] = g.get("segment_choices", {})
    return named


def own_dates() -> Mapping[str, str] | None:
    """By key; None where nobody was asked or nobody answered."""
    named: Mapping[str, str] | None = g.get("own_dates")
    return named


def own_date_values() -> dict[str, str]:
    """By value what it is, in words; empty where nobody answered."""
    return {value_of(key): own_date_in_words(value_of(key)) for key in own_dates() or {}}


def own_date_in_words(value: str) -> str:
    """By its key where its name is not known."""
    key = key_of(value) or value
    return gettext("the guest's day «%(date)s»", date=(own_dates() or {}).get(key, key))
