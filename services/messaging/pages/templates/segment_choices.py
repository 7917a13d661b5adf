"""The segments that a block may be shown by, as the service of segments names them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import g

from shared.web.site import ask_neighbours

PATH = "/segments/segments/choices"


def load_segment_choices() -> None:
    """Before a page's transaction begins: nobody is asked within one."""
    answer = ask_neighbours([PATH])[PATH]
    rows = answer.get("segments") if isinstance(answer, dict) else None
    found = [row for row in rows if isinstance(row, dict) and "key" in row] if isinstance(rows, list) else []
    g.segment_choices = {str(row["key"]): str(row.get("name") or row["key"]) for row in found}


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
