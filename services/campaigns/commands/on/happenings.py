"""Surveys were answered, cases opened or closed, messages arrived or came back: what journeys may ask about."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.store import moments
from services.campaigns.store.deeds import settle
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.scores import keep_scores
from shared.database.pool import Tx
from shared.events import Chunk


def on_survey_answered(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What was answered is kept, and with a later version changed or taken back."""
    keep_scores(tx, chunk)
    own = [place for place, by_hand in enumerate(chunk["by_hand"]) if not by_hand and not chunk["void"][place]]
    moments.keep(tx, chunk.pick(own), "answer_id", "answered_at")
    _happened(tx, chunk, "answered_at", at)


def on_task_closed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What became of a task is kept; one that is open again has happened to nobody."""
    settle(tx, chunk)
    closed = chunk.pick(place for place, is_open in enumerate(chunk["open"]) if not is_open)
    if len(closed):
        _happened(tx, closed, "occurred_at", at)


def on_happening(tx: Tx, chunk: Chunk, at: datetime) -> None:
    _happened(tx, chunk, "occurred_at", at)


def _happened(tx: Tx, chunk: Chunk, instant: str, at: datetime) -> None:
    if not chunk.republished:
        note_happenings(tx, live_journeys(tx, at), chunk, instant, at)
