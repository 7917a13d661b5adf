"""A guest has changed, was merged with another, or was erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases import publish_cases
from services.feedback.commands.objections import object_for_the_erased
from services.feedback.personal_data import PERSONAL_DATA
from services.feedback.rules.cases import Outcome
from services.feedback.store import cases, guests, voices
from services.feedback.store.care import alerts
from services.feedback.store.inbox import folding, threads
from shared.bus.erasing import wait_for_handlers
from shared.crypto.purposes import Indexing
from shared.database.pool import Tx
from shared.events import Chunk
from shared.personal_data.forget import forget, guests_in


def keep_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """An address that is known under several keys of the index goes by the one in use."""
    moves: dict[str, str] = {}
    for point in (point for theirs in chunk["points"] for point in theirs if point.get("others")):
        names = [point["point"], *point["others"]]
        point["point"] = next((name for name in names if tx.keyring.is_newest(Indexing.POINT, name)), point["point"])
        moves |= {name: point["point"] for name in names if name != point["point"]}
    if moves:
        guests.move_points(tx, moves)
        folding.move_points(tx, list(moves), list(moves.values()))
    guests.keep(tx, chunk)
    threads.name(tx, chunk["guest_id"])


def merge_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """The merged guest becomes a tombstone, and their last answers count for the guest they were merged into,
    whose thread takes theirs in."""
    guests.add_tombstones(tx, chunk["guest_id"], chunk["version"], chunk["into_guest_id"])
    voices.hand_on(tx, chunk["guest_id"])
    folding.fold(tx, chunk["guest_id"])


def unmerge_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What the guest answered, wrote and complained of is theirs again; the last answers of both count for each.
    Publishes the cases that change hands."""
    for place in range(len(chunk)):  # seldom more than one
        guest, other = UUID(chunk["guest_id"][place]), UUID(chunk["from_guest_id"][place])
        if not guests.revive(tx, guest, chunk["version"][place]):
            continue
        own = {"guest": guest, "from": other, "stays": chunk["stays"][place], "points": chunk["points"][place]}
        guests.follow(tx, own)
        publish_cases(tx, cases.follow(tx, own), at)
        voices.count_anew(tx, [guest, other])
        threads.part(tx, guest, threads.top_of(tx, other))


def forget_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Erases what the guests said and keeps the figures without a person; their open cases end. Publishes
    guest.forgotten.

    The tombstone stays, so that no older event brings the guest back.
    """
    wait_for_handlers(tx)
    erased = guests_in(chunk)
    guests.mark_erased(tx, list(erased), list(erased.values()))
    alerts.end_of_guests(tx, list(erased), at)
    object_for_the_erased(tx, list(erased), at)
    cases.close_all_of(tx, list(erased), Outcome.NOTHING_TO_DO, at)
    forget(tx, PERSONAL_DATA, erased, at)
