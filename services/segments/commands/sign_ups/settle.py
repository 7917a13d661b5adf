"""What people decide where a sign-up differs from what is known of the guest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.contacts import add_point
from services.segments.commands.guests.corrections import correct, locked_guest
from services.segments.commands.guests.noting import note
from services.segments.commands.sign_ups.take import TakingOver, place_of, points_in, publish_signed_up
from services.segments.rules.people.corrections import Field, Values
from services.segments.store import sign_ups as store
from services.segments.store.sign_ups import SignUp
from shared.access.people import Person
from shared.database.pool import Tx
from shared.vocabulary.sign_up import Difference

LATER = 2  # the version of a sign-up that people decided about


def take_over(tx: Tx, id: UUID, how: TakingOver, by: Person, at: datetime) -> None:
    """What the guest typed stands from now on, as a correction by hand; boxes that waited for its address count."""
    sign_up = store.lock_differing(tx, id)
    if sign_up is None or sign_up.guest_id is None:
        return
    guest_id = sign_up.guest_id
    correct(tx, guest_id, locked_guest(tx, guest_id).version, _wanted(sign_up), by, at)
    for point in points_in(sign_up, place_of(tx, sign_up.property)[1], how.agency_domains):
        add_point(tx, guest_id, locked_guest(tx, guest_id).version, point, by, at, how.agency_domains)
    if sign_up.boxes:
        publish_signed_up(tx, sign_up, guest_id, sign_up.boxes, how, at, version=LATER)
    _settle(tx, sign_up, True, by, at)


def leave_as_known(tx: Tx, id: UUID, by: Person, at: datetime) -> None:
    """What was known stays; what the guest typed is forgotten, and the boxes that waited with it."""
    if sign_up := store.lock_differing(tx, id):
        _settle(tx, sign_up, False, by, at)


def _settle(tx: Tx, sign_up: SignUp, taken: bool, by: Person, at: datetime) -> None:
    store.keep_settled(tx, sign_up.id, by.name, at)
    assert sign_up.guest_id is not None
    note(tx, sign_up.guest_id, "guest.sign_up_settled", by, {"fields": list(sign_up.differs), "taken": taken}, at)


def _wanted(sign_up: SignUp) -> Values:
    typed = sign_up.typed
    found: dict[Field, tuple[object, ...]] = {}
    if Difference.NAME in sign_up.differs:
        found[Field.NAME] = (typed.given_name, typed.family_name)
    if Difference.BIRTH_DATE in sign_up.differs:
        found[Field.BIRTH_DATE] = (typed.birth_date,)
    return found
