"""Cases: opened by a bad score, by words that a person must read, or by a person; changed, and closed."""

from services.feedback.commands.cases.changes import (
    assign_case,
    close_case,
    level_case,
    note_on_case,
    place_case,
    reopen_case,
)
from services.feedback.commands.cases.history import NotClosed, NotOpen
from services.feedback.commands.cases.opening import Opening, open_case, publish_cases

__all__ = [
    "NotClosed",
    "NotOpen",
    "Opening",
    "assign_case",
    "close_case",
    "level_case",
    "note_on_case",
    "open_case",
    "place_case",
    "publish_cases",
    "reopen_case",
]
