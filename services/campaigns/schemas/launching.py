"""What the launch form asks for."""

from __future__ import annotations

from collections.abc import Mapping

from shared.errors import InputError

MOST_A_DAY = 100_000


def let_in_a_day(form: Mapping[str, str]) -> int | None:
    """How many of those already inside are let in a day; None where they stay outside. Raises `InputError`."""
    if form.get("inside") != "some":
        return None
    text = form.get("a_day", "").strip()
    if not text.isdecimal() or not 0 < int(text) <= MOST_A_DAY:
        raise InputError(problems={"a_day": f"a whole number from 1 to {MOST_A_DAY}"})
    return int(text)
