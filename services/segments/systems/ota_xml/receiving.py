"""A message is taken whole: what can be read is entered, what cannot is answered by its number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element

from services.segments.rules.systems import OTHER_HOTEL, UNREAD
from services.segments.store.systems import connections as store
from services.segments.store.systems.connections import Connection
from services.segments.systems.entering import Taken, take_cancellation, take_statements
from services.segments.systems.ota_xml.bodies import Cancellation, number_of, read_reservation
from services.segments.systems.statement import Statement
from services.segments.systems.values import NotRead
from shared.database.pool import Tx


@dataclass
class Received:
    """`errors`: by reservation. `warnings`: of what was taken all the same."""

    errors: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def receive(tx: Tx, connection: Connection, root: Element, now: datetime, agency_domains: frozenset[str]) -> Received:
    """Twice is as once."""
    received, statements = Received(), []
    found = root.findall("HotelReservations/HotelReservation") or root.findall("HotelResModifies/HotelResModify")
    if not found:
        received.errors[""] = "HotelReservations/HotelReservation"
    for place, one in enumerate(found, start=1):
        number = str(place)
        try:
            number = number_of(one)
            said = read_reservation(one, root, now)
            match said:
                case Statement():
                    statements.append(said)
                case Cancellation():
                    _cancel(tx, connection, said, now, received)
        except NotRead as error:
            received.errors[number] = error.field
    taken = take_statements(tx, connection, statements, now, agency_domains)
    received.errors |= taken.problems
    store.count_left_out(tx, connection.connection_id, taken.left_out | _counted(received, statements, taken))
    for stated in statements:
        if f"{OTHER_HOTEL}:{stated.hotel[:60]}" in taken.left_out:
            received.errors[stated.reservation] = f"HotelCode {stated.hotel[:60]} is not connected"
    store.note_heard(tx, connection.connection_id, now)
    return received


def _counted(received: Received, statements: Sequence[Statement], taken: Taken) -> Counter[str]:
    """What could not be read, by the field; and what new reservations came without."""
    unread = Counter(f"{UNREAD}:{field}" for number, field in received.errors.items() if number)
    new = {one.reservation: one for one in statements if one.reservation in taken.made}
    return unread + Counter(what.reason for one in new.values() for what in one.untold)


def _cancel(tx: Tx, connection: Connection, said: Cancellation, now: datetime, received: Received) -> None:
    if not take_cancellation(tx, connection, said.hotel, said.reservation, said.stated_at, now):
        received.warnings.append(f"Reservation {said.reservation} is not known yet; it is cancelled once it comes.")
