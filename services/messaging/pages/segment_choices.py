"""The segments that a block may be shown by, as the service of segments names them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from shared.web.site import ask_neighbours

PATH = "/segments/segments/choices"


def load_segment_choices() -> None:
    """Before a page's transaction begins: nobody is asked within one."""
    answer = ask_neighbours([PATH])[PATH]
    rows = answer.get("segments") if isinstance(answer, dict) else None
    found = [row for row in rows if isinstance(row, dict) and "key" in row] if isinstance(rows, list) else []
    g.segment_choices = {str(row["key"]): str(row.get("name") or row["key"]) for row in found}


def segment_choices() -> Mapping[str, str]:
    """By key; empty where nobody answered: then keys are typed."""
    named: Mapping[str, str] = g.get("segment_choices", {})
    return named
