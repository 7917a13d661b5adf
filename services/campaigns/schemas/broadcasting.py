"""What the form of a broadcast asks for."""

from __future__ import annotations

from datetime import date, time

from services.campaigns.rules.broadcasts import Broadcast, Pace, Repeat, begins_with
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.entry_schema import MOST_AN_HOUR
from shared.errors import InputError
from shared.vocabulary.channel import Channel

MOST_HOLDOUT = 50  # per cent
LONGEST_NAME = 100


def named_broadcast(form: Form, today: date) -> tuple[str, Broadcast]:
    """Its name and what it is. Raises `InputError` by field, with codes."""
    name, problems = form.get("name").strip(), {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = "name"
    for field in ("audience", "template"):
        if not form.get(field):
            problems[field] = "missing"
    left_out = tuple(one for one in form.getlist("left_out") if one)
    if form.get("audience") in left_out:
        problems["left_out"] = "itself"
    channels = tuple(channel for channel in Channel if channel in form.getlist("channels"))
    if not channels:
        problems["channels"] = "missing"
    if (second := form.get("second") or None) == form.get("template") and second:
        problems["second"] = "same"
    day, hour = _day(form.get("day")), _hour(form.get("hour"))
    problems |= {name: "missing" for name, value in (("day", day), ("hour", hour)) if value is None}
    holdout = form.get("holdout", "0").strip() or "0"
    if not holdout.isdecimal() or int(holdout) > MOST_HOLDOUT:
        problems["holdout"] = "holdout"
    repeat = Repeat(form.get("repeat")) if form.get("repeat") in tuple(Repeat) else Repeat.ONCE
    if day is not None and not begins_with(repeat, day, today):
        problems["day"] = "not_next"
    pace = Pace(form.get("pace")) if form.get("pace") in tuple(Pace) else Pace.TOGETHER
    an_hour = form.get("an_hour", "").strip()
    if pace is Pace.SPREAD and not (an_hour.isdecimal() and 0 < int(an_hour) <= MOST_AN_HOUR):
        problems["an_hour"] = "an_hour"
    if problems or day is None or hour is None:
        raise InputError(problems=problems)
    return name, Broadcast(
        audience=form.get("audience"),
        left_out=left_out,
        template=form.get("template"),
        second=second,
        channels=channels,
        day=day,
        hour=hour,
        hotel=form.get("hotel") or None,
        repeat=repeat,
        holdout=int(holdout),
        pace=pace,
        an_hour=int(an_hour) if pace is Pace.SPREAD else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _hour(text: str) -> str | None:
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        return None
