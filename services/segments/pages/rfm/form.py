"""The form of the bands, read: from the address for a preview, from a form to save."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext as _l

from services.segments.rules.rfm import Bands
from services.segments.store.rfm.bands import Mode
from shared.errors import InputError

PROBLEMS = {
    "recent": _l("Days in fives, up to 1,095; the upper band ends before the middle one."),
    "frequent": _l("Whole numbers from 1 to 12; the upper band needs more stays than the middle one."),
    "window_days": _l("One year or two."),
    "spend": _l("Per cent in fives, up to 500; the upper band needs more than the middle one."),
    "mode": _l("Fixed borders, or fifths."),
}
FIELDS = ("mode", "r1", "r2", "f1", "f2", "window", "m1", "m2")


def values_of(mode: Mode, bands: Bands) -> dict[str, str]:
    """As the form shows them; shares in per cent."""
    return {
        "mode": str(mode),
        **{f"r{place}": str(one) for place, one in enumerate(bands.recent, 1)},
        **{f"f{place}": str(one) for place, one in enumerate(bands.frequent, 1)},
        "window": str(bands.window_days),
        **{f"m{place}": f"{(one * 100).normalize():f}" for place, one in enumerate(bands.spend, 1)},
    }


def read(form: Mapping[str, str]) -> tuple[Mode, Bands]:
    """Raises `InputError` by field, with codes."""
    problems: dict[str, str] = {}
    if (mode := form.get("mode", "")) not in tuple(Mode):
        problems["mode"] = "mode"
    recent = _numbers(form, ("r1", "r2"), "recent", problems)
    frequent = _numbers(form, ("f1", "f2"), "frequent", problems)
    spend = _numbers(form, ("m1", "m2"), "spend", problems)
    window = _numbers(form, ("window",), "window_days", problems)
    if problems:
        raise InputError(problems=problems)
    whole = [int(one) for one in (*recent, *frequent, *window)]
    return Mode(mode), Bands((whole[0], whole[1]), (whole[2], whole[3]), whole[4], (spend[0] / 100, spend[1] / 100))


def _numbers(form: Mapping[str, str], names: tuple[str, ...], field: str, problems: dict[str, str]) -> list[Decimal]:
    try:
        found = [Decimal(form.get(name, "").strip()) for name in names]
    except InvalidOperation:
        problems[field] = "number"
        return []
    if not all(one.is_finite() and abs(one) < 100_000 for one in found) or (
        field != "spend" and any(one != one.to_integral_value() for one in found)
    ):
        problems[field] = "number"
    return found
