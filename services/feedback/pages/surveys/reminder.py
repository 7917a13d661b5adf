"""The reminder of surveys, as the journeys have it; nothing where campaigns is silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.access.people import May
from shared.web.access_control import me
from shared.web.site import ask_neighbours

REMINDER, TEMPLATES = "/campaigns/survey-reminder", "/messaging/templates/choices"


def reminders() -> dict[str, Any]:
    """What `_survey_reminder.html` shows. No transaction is open while it is asked for."""
    if not (me().may(May.CONFIGURE) and me().scope.everywhere):
        return {"reminders": None}
    answers = ask_neighbours([REMINDER, TEMPLATES])
    return {"reminders": _of_journeys(answers.get(REMINDER)), "templates": _named(answers.get(TEMPLATES))}


def _of_journeys(answer: Any) -> Mapping[str, Any] | None:
    return answer if isinstance(answer, dict) and isinstance(answer.get("journeys"), list) else None


def _named(answer: Any) -> list[tuple[str, str]]:
    rows = answer.get("templates") if isinstance(answer, dict) else None
    return [(row["key"], row["name"]) for row in rows or () if isinstance(row, dict) and {"key", "name"} <= row.keys()]
