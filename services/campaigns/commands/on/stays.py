"""Stays changed: entries, exits and goals that rest on a stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.commands.follow_stays import follow_stays
from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.commands.reach_goals import reach_goals
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.rules.entries import Live, StayState, by_stay
from services.campaigns.rules.goals import BOOKED, STAYED
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.stay_turns import leaving_reason
from services.campaigns.steps.entries import StayEntry
from services.campaigns.store.enrolments import lock_of_stays
from services.campaigns.store.journeys import Pinned, documents_of, live_journeys
from services.campaigns.store.stays import keep_stays, lock_owners
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.stay import StayStatus, StayTurn


def on_stay_changed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Keep the newest state of each stay, and let it decide: it alone, not the type of event that carried it."""
    lives = live_journeys(tx, at)
    dated = [live for live in lives if live.journey.follows_stays]
    owners = lock_owners(tx, _ids(chunk, "stay_id"), _ids(chunk, "guest_id")) if dated else []
    newest = keep_stays(tx, chunk)
    by_stays = [live for live in lives if isinstance(live.journey.entry, StayEntry)]
    if by_stays and (stays := newest_stays(chunk, newest)):
        _leave(tx, by_stays, [stay for stay in stays.values() if stay.version > 1], at)
        if not chunk.republished:
            _enter(tx, by_stays, stays, at)
    if newest and dated:
        follow_stays(tx, dated, owners, at, entering=not chunk.republished)
    if not chunk.republished:
        note_happenings(tx, lives, chunk, "occurred_at", at)
        if chunk.type.name == StayTurn.BOOKED.event:
            reach_goals(tx, lives, chunk, BOOKED, "booked_at", at)
        reach_goals(tx, lives, _over(chunk, newest), STAYED, "checked_out_at", at)


def _over(chunk: Chunk, newest: Mapping[UUID, int]) -> Chunk:
    """Stays that the guest has left, as they are known last: what was spent may be told, or corrected, later."""
    told = enumerate(zip(chunk["stay_id"], chunk["version"], chunk["status"], strict=True))
    left = StayStatus.CHECKED_OUT
    return chunk.pick(
        place for place, (stay, version, status) in told if status == left and newest.get(UUID(stay)) == version
    )


def _ids(chunk: Chunk, name: str) -> set[UUID]:
    return {UUID(one) for one in chunk[name]}


def newest_stays(chunk: Chunk, newest: dict[UUID, int]) -> dict[UUID, StayState]:
    names = (
        "stay_id",
        "version",
        "guest_id",
        "property",
        "zone",
        "reservation",
        "status",
        "booked_at",
        "checked_in_at",
        "checked_out_at",
        "ended_at",
    )
    dates = zip(chunk["arrival"], chunk["departure"], strict=True)
    sold = zip(chunk["room_type"], chunk["rate_plan"], chunk["booking_channel"], strict=True)
    found = {}
    for (stay, version, guest, property_, zone, reservation, status, *instants), days, of in zip(
        zip(*(chunk[name] for name in names), strict=True), dates, sold, strict=True
    ):
        stay_id = UUID(stay)
        if newest.get(stay_id) == version:
            booked, checked_in, checked_out, ended = (datetime.fromisoformat(one) if one else None for one in instants)
            assert booked is not None
            arrival, departure = map(date.fromisoformat, days)
            found[stay_id] = StayState(
                *(stay_id, version, UUID(guest), property_, zone, reservation, status, booked),
                checked_in_at=checked_in,
                checked_out_at=checked_out,
                ended_at=ended,
                arrival=arrival,
                departure=departure,
                room_type=of[0],
                rate_plan=of[1],
                channel=of[2] or "",
            )
    return found


def _leave(tx: Tx, lives: Sequence[Live], changed: Sequence[StayState], at: datetime) -> None:
    """A stay's first version can end nothing: were a later one known, the first would not be the newest."""
    if not changed:
        return
    stays = {stay.stay_id: stay for stay in changed}
    present = [one for one in lock_of_stays(tx, list(stays), [live.key for live in lives]) if must_leave(one)]
    documents: dict[Pinned, Journey] = {(live.key, live.version): live.journey for live in lives}
    if missing := {(one.journey, one.version) for one in present} - set(documents):
        documents.update(documents_of(tx, missing))
    leavings = []
    for one in present:
        assert one.stay_id is not None
        reason = leaving_reason(documents[one.journey, one.version], one, stays[one.stay_id])
        if reason is not None:
            leavings.append(Leaving(one, reason))
    leave(tx, leavings, at)


def _enter(tx: Tx, lives: Sequence[Live], stays: dict[UUID, StayState], at: datetime) -> None:
    lock_and_enter(tx, [found for stay in stays.values() for live in lives if (found := by_stay(live, stay))], at)
