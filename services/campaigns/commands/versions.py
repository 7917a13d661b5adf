"""Guests who wait in one version of a journey go on in another, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.moving import NOT_IN_VERSION, placed
from services.campaigns.store import version_moves as store
from services.campaigns.store.enrolments import lock_by_id
from services.campaigns.store.journeys import documents_of, lock_journey
from services.campaigns.store.version_moves import Move
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id


class NothingMoved(Conflict):
    """This move was undone already."""


def move_waiting(
    tx: Tx, key: str, versions: tuple[int, int], mapping: Mapping[str, str | None], at: datetime, *, by: str
) -> Move:
    """All who wait in the one version go on in the other, at once or not at all. `mapping`: by step of the one, a
    step of the other, or None for those who leave. Raises `InputError` naming a step that leads nowhere.

    1. the enrolments are locked, so that no timer of them fires meanwhile
    2. each is put where the mapping says; who leaves has what is open taken back
    3. where each stood is kept
    """
    if lock_journey(tx, key) is None:
        raise NotFound(f"There is no journey «{key}».")
    old, new = _documents(tx, key, versions)
    standing = store.lock_standing(tx, key, versions[0])
    wrong = dict.fromkeys({one.step for one in standing} - mapping.keys(), "where do they go on?")
    wrong |= {step: "there is no such step" for step, to in mapping.items() if to is not None and to not in new.places}
    if wrong:
        raise InputError(problems=wrong)
    put = [found for one in standing if (found := placed(one, old, new, mapping, at))]
    stays = {one.standing.id for one in put}
    gone = [one.id for one in standing if one.id not in stays]
    move = Move(
        id=make_id("version_move", key, *versions, at.isoformat()),
        from_version=versions[0],
        to_version=versions[1],
        moved=len(put),
        left_it=len(gone),
        moved_at=at,
        moved_by=by,
        undone_at=None,
        undone_by=None,
        brought_back=None,
    )
    store.keep(tx, move, key, mapping, put)
    store.put(tx, versions[1], put, at)
    leave(tx, [Leaving(one, NOT_IN_VERSION) for one in lock_by_id(tx, gone)], at)
    return move


def undo_move(tx: Tx, key: str, move_id: UUID, at: datetime, *, by: str) -> int:
    """Who has not gone on since stands where they stood; how many. Who left by the move stays out."""
    if lock_journey(tx, key) is None:
        raise NotFound(f"There is no journey «{key}».")
    move = next((one for one in store.moves_of(tx, key) if one.id == move_id), None)
    if move is None:
        raise NotFound("There is no such move.")
    brought = store.bring_back(tx, move, key, at, by)
    if brought is None:
        raise NothingMoved()
    return brought


def _documents(tx: Tx, key: str, versions: tuple[int, int]) -> tuple[Journey, Journey]:
    if versions[0] == versions[1]:
        raise InputError(problems={"to": "another version"})
    found = documents_of(tx, [(key, version) for version in versions])
    if len(found) < 2:
        raise NotFound(f"The journey «{key}» has no such version.")
    return found[key, versions[0]], found[key, versions[1]]
