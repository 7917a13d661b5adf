"""Keep what a hotel's own system tells that happened to a guest, and publish it, once for each number of the system's.

The same again changes nothing; another event under a known number is refused: nothing says which of the two is true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.segments.commands.told.spend import NO_GUEST, NO_STAY
from services.segments.store.guests.guests import await_turn
from services.segments.store.told import events as store
from services.segments.store.told import owners
from services.segments.store.told.events import ToldEvent
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.events import chunk_of
from shared.events.segments.guests import GuestEvent


class OtherEvent(Conflict):
    """This hotel has told of another event under this id: give each event an id of its own."""


def tell_event(tx: Tx, told: ToldEvent, by: Person, at: datetime) -> bool:
    """False where it is known. Raises `InputError` for a guest or a stay that is not there, and `OtherEvent`."""
    await_turn(tx)  # nobody is merged or erased meanwhile
    new = _of_somebody(tx, told, by)
    if not store.add_event(tx, new, by.name, at):
        known = store.known_event(tx, store.event_id(new))
        if replace(known, guest_id=new.guest_id) != new:
            raise OtherEvent()
        return False
    guest_id, zone = store.owner_of(tx, new)
    event = GuestEvent(
        event_id=store.event_id(new),
        version=1,
        guest_id=guest_id,
        stay_id=new.stay_id,
        property=new.property,
        zone=zone,
        name=new.name,
        details=new.details,
        happened_at=new.happened_at,
        occurred_at=at,
    )
    publish(tx, chunk_of([event]), at=at)
    return True


def _of_somebody(tx: Tx, told: ToldEvent, by: Person) -> ToldEvent:
    if told.guest_id is None:
        if told.stay_id not in owners.stays_among(tx, {told.stay_id} if told.stay_id else (), by.scope):
            raise InputError("This cannot be used.", {"/stay": NO_STAY})
        return told
    now = owners.guests_now(tx, [told.guest_id], by.scope)
    if told.guest_id not in now:
        raise InputError("This cannot be used.", {"/guest": NO_GUEST})
    return replace(told, guest_id=now[told.guest_id])
