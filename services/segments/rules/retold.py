"""A reservation number told again: whether the row is still the known guest's, and still the known stay.

A number is a weak name: sources correct it, give the room to another guest, and begin to count anew. The stay stays the
guest's under a compatible name; under a corrected spelling or a married name only as far as dates and contact agree.
"""

from __future__ import annotations

from services.segments.rules.likeness.names import compare
from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.people.births import Births, births
from services.segments.rules.people.guests import Guest
from services.segments.rules.people.names import Name, compatible
from services.segments.rules.reservations import Reservation
from services.segments.rules.stays import OVER, Stay
from shared.vocabulary.couples import names_two
from shared.vocabulary.stay import StayStatus

CORRECTIONS = frozenset({Reason.SPELLING, Reason.OTHER_SCRIPT, Reason.TYPO, Reason.SAME_SOUND})


def is_same_stay(stay: Stay, row: Reservation) -> bool:
    """Whether a row under another name can be this stay, told for somebody else: it arrives on the same day, or is the
    same booking of a time that overlaps and is still to come."""
    if stay.arrival == row.arrival:
        return True
    if stay.status is not StayStatus.BOOKED or stay.booked_on != row.booked_on:
        return False
    return row.arrival < stay.departure and stay.arrival < row.departure


def is_theirs(guest: Guest, row: Reservation, stay: Stay, shares_contact: bool | None) -> bool:
    """Whether a row under the stay's number is the guest's. `shares_contact`: whether the row has one of their
    contact points; None where one of the two has none.
    """
    name = Name(row.given_name, row.family_name)
    if not (name.given or name.family):
        return True
    if names_two(row.given_name, row.family_name, row.title) != guest.is_couple:
        return False
    if _tells_another_birth(guest, row, stay):
        return False
    same_dates = is_same_stay(stay, row)
    if any(compatible(name, known) or not (known.given or known.family) for known in guest.names):
        began_anew = stay.status in OVER and not same_dates and stay.booked_on != row.booked_on
        return not (began_anew and shares_contact is False)
    alike = {compare(name, known) for known in guest.names}
    if alike & CORRECTIONS:
        return bool(shares_contact) or (same_dates and shares_contact is None)
    return Reason.OTHER_FAMILY_NAME in alike and same_dates and bool(shares_contact)


def _tells_another_birth(guest: Guest, row: Reservation, stay: Stay) -> bool:
    """A birth date where the row had none, and another than the guest's: whoever it was joined to is somebody else.
    Where the row had one, it is corrected."""
    return stay.told_birth is False and births(guest.birth_date, row.birth_date) is Births.OTHER
