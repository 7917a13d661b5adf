"""The stage a guest has reached, and how they came there, as their page shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.segments.pages.guests.labels import because_words
from services.segments.queries.stages import stage_of, turns_of_guest
from shared.database.pool import Tx
from shared.vocabulary.stage import Stage


def stage_shown(tx: Tx, guest_id: UUID) -> dict[str, Any]:
    key = stage_of(tx, guest_id)
    if not key:
        return {"stage": None, "stage_turns": []}
    turns = [
        (one.at, Stage(one.stage), Stage(one.before) if one.before else None, because_words(one.because))
        for one in turns_of_guest(tx, guest_id)
    ]
    return {"stage": Stage(key), "stage_turns": turns}
