"""The group's year: it is set up twelve months ago with what was known then, and every day since is played.

1. twelve months ago the hotels' export is taken in as history: guests, past stays, bookings to come
2. the shipped journeys are launched, so that nobody is written to for what lay before
3. day by day guests book, arrive, leave, answer, complain and say STOP; the engine does what it does
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from guestloop.composition.seed import BY, set_up_everything
from guestloop.composition.services import Group, world_of
from guestloop.composition.virtual_world import play
from guestloop.demo.cast import HOTELS
from guestloop.demo.colleagues import Colleagues
from guestloop.demo.rates import make_rates
from guestloop.simulation.guests import AnsweringGuests
from guestloop.simulation.history import PLAIN_MAPPING, History, acts_of, read_history
from guestloop.simulation.simulate import relax_delivery
from services.segments.commands.money.rates import enter_rates
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.reservations import Happening, Reservation, happenings
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.events import Lane
from shared.vocabulary.stay import StayStatus

Act = tuple[datetime, Callable[[datetime], str]]
ZONES = {hotel.code: hotel.zone for hotel in HOTELS}
STATUS_AFTER = {
    Happening.BOOKED: StayStatus.BOOKED,
    Happening.CANCELLED: StayStatus.CANCELLED,
    Happening.CHECKED_IN: StayStatus.CHECKED_IN,
    Happening.CHECKED_OUT: StayStatus.CHECKED_OUT,
    Happening.NO_SHOW: StayStatus.NO_SHOW,
}
AT_ONCE = 1000
ANSWERED = 550  # of a thousand surveys: a demo has more to show than a hotel


def play_year(
    group: Group,
    clock: VirtualClock,
    export: Path,
    until: datetime,
    seed: int,
    progress: Callable[[datetime], object],
) -> None:
    """From the clock's instant to `until`."""
    began = clock.now()
    history = read_history(export, PLAIN_MAPPING)
    with closing(world_of(group, clock)) as world:
        for service in set_up_everything(group, HOTELS, began):
            world.mark_changed(service)
        world.settle(began)
        with group.database("segments").transaction() as tx:
            first = min(one.arrival for one in history.reservations)
            enter_rates(tx, list(make_rates(first, until.date())), began, BY)
        import_past(group.database("segments"), history, began)
        world.mark_changed("segments")
        world.settle(began)
        relax_delivery(world, answers=True)
        feedback = group.database("feedback")
        people = (AnsweringGuests(feedback, seed=seed, per_mille=ANSWERED), Colleagues(feedback, until))
        world.clocks = [*world.clocks, *(("feedback", one) for one in people)]
        acts = acts_of(history, group.database("segments"), ZONES, until.date() + timedelta(days=1))
        databases = [service.database for service in group.services.values()]
        play(world.play(between(began, until, acts), until), databases, progress)


def import_past(segments: Database, history: History, at: datetime) -> None:
    """What the hotels knew at that instant, as an import of history."""
    options = EntryOptions(booking_only=False, initial=True, lane=Lane.MARKETING)
    rows = [row for one in history.reservations if (row := as_of(one, at)) is not None]
    for first in range(0, len(rows), AT_ONCE):
        with segments.transaction() as tx:
            enter(tx, rows[first : first + AT_ONCE], at, options)


def as_of(row: Reservation, at: datetime) -> Reservation | None:
    """A reservation as it stood at an instant; None where it was not booked yet."""
    past = [(instant, kind) for instant, kind in happenings(row, ZONES[row.property]) if instant <= at]
    if not past:
        return None
    _, kind = max(past)
    days = {Happening.BOOKED: row.booked_on, Happening.CHECKED_IN: row.arrival}
    return replace(row, status=STATUS_AFTER[kind], status_date=days.get(kind, row.status_date))


def between(first: datetime, last: datetime, acts: Iterator[Act]) -> Iterator[Act]:
    return (act for act in acts if first < act[0] <= last)
