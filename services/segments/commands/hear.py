"""What segments makes of what the other services say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.segments.commands.evaluate import Moved, evaluate_moved
from services.segments.commands.segments import is_live, use_segment
from services.segments.store import heard
from services.segments.store.properties import save_properties
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk


def hear_properties(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    save_properties(tx, chunk)


def hear_consents(tx: Tx, chunk: Chunk, at: datetime) -> None:
    _look_again(tx, heard.save_consents(tx, chunk), at)


def hear_messages(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    heard.save_messages(tx, chunk)


def hear_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    heard.save_answers(tx, chunk)


def hear_cases(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    heard.save_cases(tx, chunk)


def hear_launches(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The audiences a launched journey listens to are in use. Those who are inside are said, where it lets them in."""
    wanted: dict[str, bool] = {}
    unknown: dict[int, str] = {}
    for place, (segments, let_in) in enumerate(zip(chunk["segments"], chunk["let_in"], strict=True)):
        if missing := [key for key in segments if not is_live(tx, key)]:
            unknown[place] = f"there is no segment {missing[0]}"
        wanted.update({key: wanted.get(key, False) or let_in for key in segments})
    if unknown:
        raise MalformedEvent("journey.launched.v1: a journey listens to a segment that is not there", unknown)
    for key, let_in in sorted(wanted.items()):
        use_segment(tx, key, at, say_again=let_in and not chunk.republished)


def _look_again(tx: Tx, guests: Collection[UUID], at: datetime) -> None:
    evaluate_moved(tx, [Moved(id, {"kind": "guest", "what": "guest.changed"}) for id in sorted(guests)], at)
