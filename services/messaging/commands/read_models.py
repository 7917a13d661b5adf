"""What messaging keeps of guests, stays, properties and cases, from the events it hears.

Each applies a subject only where its version is greater than the stored one, and reduces a chunk to each subject's
greatest first, so that order and repetition do not matter.
"""

from __future__ import annotations

from datetime import datetime

import orjson

from services.messaging.commands.soundness import refuse_unknown_zones
from services.messaging.store import read_models as store
from shared.database import Tx
from shared.events.console import GuestForgotten
from shared.events.dictionary import Chunk, chunk_of_rows
from shared.outbox import say


def keep_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Profile, contact points and what sources say of consent; the property was heard of."""
    refuse_unknown_zones(chunk, "home_zone")
    columns = dict(chunk.columns)
    columns["points"] = [orjson.dumps(points).decode() for points in chunk["points"]]
    columns["consents"] = [orjson.dumps(claims).decode() for claims in chunk["consents"]]
    tx.execute(store.KEEP_GUESTS, columns)
    if any(chunk["consents"]):
        tx.execute(store.KEEP_CLAIMS, {**columns, "at": at})
    if any(chunk["home_property"]):
        tx.execute(store.HEAR_OF_PROPERTIES, {"codes": chunk["home_property"], "heard_at": chunk["occurred_at"]})


def merge_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The merged one is gone for good; what she withdrew or refused holds for who she became."""
    tx.execute(store.BURY_GUESTS, {**chunk.columns, "gone": "merged"})
    tx.execute(store.HAND_ON_REFUSALS, {**chunk.columns, "at": at})


def erase_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Nothing personal stays but that she is erased; the suppression of her contact points is a keyed hash."""
    tx.execute(store.BURY_GUESTS, {**chunk.columns, "gone": "erased"})
    tx.execute(store.FORGET_ADDRESSES, {"guest_id": chunk["guest_id"]})
    tx.execute(store.FORGET_WORDS, {"guest_id": chunk["guest_id"]})
    forgotten = dict(zip(chunk["guest_id"], chunk["version"], strict=True))
    rows = [(guest_id, tx.service, version, at.isoformat()) for guest_id, version in forgotten.items()]
    say(tx, chunk_of_rows(GuestForgotten, rows), at=at)


def keep_stays(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    refuse_unknown_zones(chunk, "zone")
    tx.execute(store.KEEP_STAYS, chunk.columns)
    tx.execute(store.HEAR_OF_PROPERTIES, {"codes": chunk["property"], "heard_at": chunk["occurred_at"]})


def keep_properties(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    refuse_unknown_zones(chunk, "zone")
    tx.execute(store.KEEP_PROPERTIES, chunk.columns)


def keep_cases(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    tx.execute(store.KEEP_CASES, chunk.columns)
