"""What other systems state becomes guests and stays by the way of every row; what is older than known is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.segments.commands.reservations.enter import EntryOptions
from services.segments.commands.reservations.move_stays import cancel
from services.segments.commands.reservations.one_by_one import MADE, REFUSED, enter_each
from services.segments.rules.reservations import Reservation, StayKey
from services.segments.rules.systems import OTHER_HOTEL
from services.segments.store.guests.guests import await_turn
from services.segments.store.guests.stays import load_stays
from services.segments.store.properties import property_zones
from services.segments.store.systems.connections import Connection
from services.segments.store.systems.inbox import cancelled_since, newer_than_known, note_cancelled
from services.segments.systems.statement import Statement, row_of
from services.segments.systems.values import NotRead
from shared.database.pool import Tx
from shared.vocabulary.stay import StayStatus


@dataclass
class Taken:
    """`outcomes`: how many were made, changed, unchanged or refused. `made`: the numbers of new ones. `problems`: by
    reservation, in words without anything of the guest. `left_out`: by reason, of hotels that are not connected.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    made: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def take_statements(
    tx: Tx, connection: Connection, stated: Sequence[Statement], now: datetime, agency_domains: frozenset[str]
) -> Taken:
    """Until its past is read, nothing that a connection states is news. Whoever enters reservations waits their turn
    first: what is newer is decided one at a time."""
    await_turn(tx)
    taken, zones = Taken(), property_zones(tx)
    newest: dict[str, Statement] = {}
    for one in stated:
        if connection.hotels.get(one.hotel) not in zones:
            taken.left_out[f"{OTHER_HOTEL}:{one.hotel[:60]}"] += 1
        elif one.reservation not in newest or newest[one.reservation].stated_at <= one.stated_at:
            newest[one.reservation] = one
    rows = _rows(connection, newest, zones, taken)
    ids = {row.key().stay_id(): number for number, row in rows.items()}
    fresh = newer_than_known(tx, {id: newest[number].stated_at for id, number in ids.items()})
    cancelled = cancelled_since(tx, fresh)
    wanted = [_as_cancelled(rows[number], cancelled.get(id)) for id, number in ids.items() if id in fresh]
    options = EntryOptions(
        booking_only=False, initial=connection.caught_up_at is None, lane=None, agency_domains=agency_domains
    )
    for row, became in zip(wanted, enter_each(tx, wanted, now, options), strict=True):
        taken.outcomes[became.outcome] += 1
        if became.outcome == MADE:
            taken.made.add(row.reservation)
        if became.outcome == REFUSED:
            taken.problems[row.reservation] = became.reason.partition(":")[0]
    return taken


def take_cancellation(
    tx: Tx, connection: Connection, hotel: str, number: str, stated_at: datetime, now: datetime
) -> bool:
    """A reservation that is cancelled by its number alone; False where it is not known yet: then it is once it comes.
    Raises `NotRead` for a hotel that is not connected."""
    await_turn(tx)
    code = connection.hotels.get(hotel)
    if code is None:
        raise NotRead("hotel")
    key = StayKey(connection.source, code, number)
    note_cancelled(tx, {key.stay_id(): stated_at})
    if key.stay_id() in cancelled_since(tx, [key.stay_id()]):
        cancel(tx, [key], now)
    return bool(load_stays(tx, [key.stay_id()]))


def _as_cancelled(row: Reservation, at: datetime | None) -> Reservation:
    """`at`: when it was cancelled by its number alone, after what is stated here."""
    if at is None or row.status is not StayStatus.BOOKED:
        return row
    return replace(row, status=StayStatus.CANCELLED, status_date=max(at.date(), row.booked_on), status_at=at)


def _rows(
    connection: Connection, newest: Mapping[str, Statement], zones: Mapping[str, str], taken: Taken
) -> dict[str, Reservation]:
    rows = {}
    for number, one in newest.items():
        hotel = connection.hotels[one.hotel]
        try:
            rows[number] = row_of(one, connection.source, hotel, zones[hotel])
        except NotRead as error:
            taken.problems[number] = error.field
    return rows
