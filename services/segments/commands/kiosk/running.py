"""Start and end a kiosk, and whose turn it is there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from services.segments.commands.guests.noting import note
from services.segments.rules.kiosk import LASTS, MOST_WRONG_NAMES, MOST_WRONG_PINS, PAUSE, PIN, Kiosk, same_name
from services.segments.store import kiosks as store
from shared.access.audit import record
from shared.access.people import Person, secret_hash
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError


def start_kiosk(
    tx: Tx, hotel: str, pin: str, secret: str, session_id: UUID, until: datetime, by: Person, at: datetime
) -> Kiosk:
    """`secret`: the device's; `session_id`, `until`: of the session that starts it, which it does not outlive. Raises
    `InputError` for a PIN that is none.
    """
    if not PIN.fullmatch(pin):
        raise InputError(problems={"pin": "pin"})
    kiosk = Kiosk(
        id=uuid4(),
        property=hotel,
        secret_hash=secret_hash(secret),
        pin_sealed=tx.keyring.seal(pin, Sealing.NOTE),
        wrong_pins=0,
        wrong_names=0,
        paused_until=None,
        person_id=by.person_id,
        started_by=by.name,
        session_id=session_id,
        started_at=at,
        ends_at=min(until, at + LASTS),
        ended_at=None,
        turn=None,
        guest_id=None,
        seen_at=None,
    )
    store.add(tx, kiosk)
    record(tx, by, "kiosk.started", f"kiosk {kiosk.id}", {"property": hotel}, at)
    return kiosk


def end_kiosk(tx: Tx, kiosk: Kiosk, by: Person | str, why: str, at: datetime) -> None:
    """`why`: pin | wrong_pins | colleague."""
    if store.end(tx, kiosk.id, at):
        record(tx, by, "kiosk.ended", f"kiosk {kiosk.id}", {"why": why}, at)


def end_by_pin(tx: Tx, kiosk: Kiosk, pin: str, at: datetime) -> bool:
    """Whether it is over: by the right PIN, or by too many wrong ones."""
    if tx.keyring.open(Sealed(kiosk.pin_sealed), Sealing.NOTE) == pin:
        end_kiosk(tx, kiosk, kiosk.started_by, "pin", at)
        return True
    store.count_wrong(tx, kiosk.id, pins=1)
    if kiosk.wrong_pins + 1 >= MOST_WRONG_PINS:
        end_kiosk(tx, kiosk, kiosk.started_by, "wrong_pins", at)
        return True
    return False


def open_for(tx: Tx, kiosk: Kiosk, reservation: str, family_name: str, at: datetime) -> bool:
    """The guest's turn begins where number and name agree. Nothing tells which of the two did not."""
    if kiosk.is_paused(at):
        return False
    for guest_id, known in store.stays_under(tx, kiosk.property, reservation.strip()):
        if same_name(family_name, known):
            begin_turn(tx, kiosk, guest_id, kiosk.started_by, at)
            return True
    store.count_wrong(tx, kiosk.id, names=1)
    if kiosk.wrong_names + 1 >= MOST_WRONG_NAMES:
        store.pause(tx, kiosk.id, at + PAUSE)
    return False


def begin_turn(tx: Tx, kiosk: Kiosk, guest_id: UUID, by: Person | str, at: datetime) -> None:
    store.begin_turn(tx, kiosk.id, uuid4(), guest_id, at)
    note(tx, guest_id, "guest.at_kiosk", by, {"property": kiosk.property}, at)
