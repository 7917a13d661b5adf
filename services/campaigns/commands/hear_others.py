"""Answers, cases and properties: what journeys may ask about, kept as it is heard."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.store import heard
from services.campaigns.store.journeys import live_journeys
from shared.database.pool import Tx
from shared.events import Chunk


def hear_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    _happened(tx, chunk, "answered_at", at)


def hear_cases(tx: Tx, chunk: Chunk, at: datetime) -> None:
    _happened(tx, chunk, "occurred_at", at)


def keep_properties(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    heard.keep_properties(tx, chunk)


def _happened(tx: Tx, chunk: Chunk, instant: str, at: datetime) -> None:
    if not chunk.republished:
        event = chunk.type.name.removesuffix(".v1")
        note_happenings(tx, live_journeys(tx), event, chunk["guest_id"], chunk[instant], at)
