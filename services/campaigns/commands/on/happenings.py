"""Surveys were answered, links opened, cases opened or closed, messages came: what journeys may ask about."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.let_in_happened import let_in_happened
from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.commands.reach_goals import reach_goals
from services.campaigns.commands.wake import lock_own, wake_own
from services.campaigns.rules.entries import Live
from services.campaigns.rules.goals import ANSWERED, CLICKED
from services.campaigns.steps import own_messages
from services.campaigns.store import moments
from services.campaigns.store.deeds import settle
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.messages import note_clicks
from services.campaigns.store.scores import keep_scores, keep_understood, newest_of
from shared.database.pool import Tx
from shared.events import Chunk


def on_survey_answered(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What was answered is kept, and with a later version changed or taken back."""
    keep_scores(tx, chunk)
    wake_own(tx, own_messages.ANSWERED, chunk["message_id"], chunk["answered_at"])
    own = [place for place, by_hand in enumerate(chunk["by_hand"]) if not by_hand and not chunk["void"][place]]
    moments.keep(tx, chunk.pick(own), "answer_id", "answered_at")
    lives = _happened(tx, chunk, "answered_at", at)
    stands = chunk.pick(place for place, void in enumerate(chunk["void"]) if not void)
    reach_goals(tx, lives, stands, ANSWERED, "answered_at", at)
    let_in_happened(tx, lives, _newest(tx, stands) if lives else stands, "answered_at", at)


def _newest(tx: Tx, chunk: Chunk) -> Chunk:
    """Without answers of which a later version is known: it may have another score, or be taken back."""
    known = newest_of(tx, chunk["answer_id"])
    told = enumerate(zip(chunk["answer_id"], chunk["version"], strict=True))
    return chunk.pick(place for place, (answer, version) in told if known.get(answer) == version)


def on_answer_understood(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What the words of an answer speak of, as it is known last."""
    newest = keep_understood(tx, chunk)
    lives = _happened(tx, chunk, "understood_at", at)
    let_in_happened(tx, lives, chunk.pick(newest), "understood_at", at)


def on_task_closed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What became of a task is kept; one that is open again has happened to nobody."""
    settle(tx, chunk)
    closed = chunk.pick(place for place, is_open in enumerate(chunk["open"]) if not is_open)
    if len(closed):
        _happened(tx, closed, "occurred_at", at)


def on_click(tx: Tx, chunk: Chunk, at: datetime) -> None:
    lock_own(tx, own_messages.CLICKED, chunk["message_id"])
    note_clicks(tx, chunk)
    wake_own(tx, own_messages.CLICKED, chunk["message_id"], chunk["occurred_at"])
    moments.keep(tx, chunk, "message_id", "occurred_at")
    lives = _happened(tx, chunk, "occurred_at", at)
    reach_goals(tx, lives, chunk, CLICKED, "occurred_at", at)
    let_in_happened(tx, lives, chunk, "occurred_at", at)


def on_happening(tx: Tx, chunk: Chunk, at: datetime) -> None:
    _happened(tx, chunk, "occurred_at", at)


def on_case(tx: Tx, chunk: Chunk, at: datetime) -> None:
    let_in_happened(tx, _happened(tx, chunk, "occurred_at", at), chunk, "occurred_at", at)


def _happened(tx: Tx, chunk: Chunk, instant: str, at: datetime) -> list[Live]:
    """The journeys that run, whose goals it may be; none where it is only told once more."""
    if chunk.republished:
        return []
    lives = live_journeys(tx, at)
    note_happenings(tx, lives, chunk, instant, at)
    return lives
