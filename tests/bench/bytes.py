"""What a sent message costs in bytes: `python -m tests.bench.bytes [guests]`, by default 2,000.

All tables and indexes of all services. Two houses take in the same guests, who book, come, leave and have their
birthday, on the virtual clock. One has the shipped journeys, whose mails really leave for a mail server on this
machine; the other has none. Then outboxes and inboxes are past their terms and every table is written anew (`vacuum
full`). What the first house weighs more, shared by the mails it sent, is what a message costs: its request, its
decisions, its words, its guest's place in a journey and in its segment, and what every service remembers of it.
Limit: 2,048 bytes. A third house without journeys, of a quarter of the guests, tells what a guest with one stay weighs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from guestloop.composition.seed import Setup, apply_setup, set_up_everything
from guestloop.composition.services import (
    MANIFEST,
    MANIFESTS,
    Group,
    build_group,
    mailbox_publisher,
    prepare_databases,
    world_of,
)
from guestloop.composition.virtual_world import play as play_world
from guestloop.demo.cast import HOTELS
from services.messaging.channels.registry import chosen_senders
from services.messaging.service import sending
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.reservations import Reservation
from shared.bus.relay import Relay
from shared.bus.roles import Service, Timed
from shared.clock import Clock, VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.localtime import local_instant
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus
from tests.bench.ground import count_given
from tests.bench.mail_server import mail_server
from tests.chaos.campaign import letters
from tests.segments.rows import row

GUESTS, LIMIT, SET = 2_000, 2_048, 500
ARRIVAL, DEPARTURE, BIRTHDAY = date(2026, 11, 14), date(2026, 11, 17), date(1981, 11, 26)
BEGINS, ENDS = (local_instant(day, time(0), "UTC") for day in (date(2026, 11, 10), date(2026, 12, 10)))
PAST_ALL_TERMS = timedelta(days=31)  # those of outboxes and inboxes
SMTP = {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": "127.0.0.1", "GUESTLOOP_SMTP_SECURITY": "none"}
SMTP |= {"GUESTLOOP_MAIL_FROM": "stay@bench.example"}
Place = tuple[str, str]
"""Of a service, the name of a table or of one of its indexes."""
Weights = dict[Place, int]


def main(guests: int) -> int:
    with_mail, sent = weigh(guests, has_journeys=True)
    without, _ = weigh(guests, has_journeys=False)
    shares = {place: (size - without.get(place, 0)) / sent for place, size in with_mail.items()}
    print(f"{guests:,} guests, {sent:,} mails sent; bytes a mail, tables with what is stored beside them, and indexes")
    for (service, name), share in sorted(shares.items(), key=lambda one: -one[1]):
        if share >= 1:
            print(f"{service:10} {name:52} {share:8,.0f}")
    total = sum(shares.values())
    for service in MANIFEST:
        of_service = sum(share for (name, _), share in shares.items() if name == service)
        print(f"{service:10} {'in all':52} {of_service:8,.0f}")
    print(f"a sent message: {total:,.0f} bytes of at most {LIMIT:,}")
    print(f"a guest with one stay: {a_guest(without, guests):,.0f} bytes")
    return int(total > LIMIT)


def a_guest(weights: Weights, guests: int) -> float:
    """By what this house weighs more than one of a quarter of its guests: what is there for none of them counts for
    none."""
    smaller, _ = weigh(guests // 4, has_journeys=False)
    return (sum(weights.values()) - sum(smaller.values())) / (guests - guests // 4)


def weigh(guests: int, *, has_journeys: bool) -> tuple[Weights, int]:
    """What a house weighs in which all of this happened, and how many mails it sent."""
    with TemporaryDirectory() as name, EmbeddedPostgres(Path(name) / "pg") as server, mail_server() as mails:
        environment = {**SMTP, "GUESTLOOP_SMTP_PORT": str(mails.port), "GUESTLOOP_HOME": name}
        clock = VirtualClock(BEGINS)
        databases = prepare_databases(server, KeyRing.parse(KeyRing.fresh()), BEGINS)
        with closing(with_provider(build_group(databases, clock, environment), clock, environment)) as group:
            play(group, clock, guests, has_journeys=has_journeys)
            for service in group.services.values():
                forget_events(service)
            with group.database("messaging").transaction() as tx:
                recorded = tx.execute("select count(*) from delivery where state = 'sent'").fetchone()
        weights = {(one.name, relation): size for one in MANIFESTS for relation, size in sizes(databases[one.name].dsn)}
        assert recorded == (mails.taken(),), f"{recorded} mails are recorded as sent, and {mails.taken()} arrived"
        return weights, mails.taken()


def with_provider(group: Group, clock: VirtualClock, environment: Mapping[str, str]) -> Group:
    """The same, whose mails really leave."""

    def senders(database: Database, config: Any, _clock: Clock) -> tuple[Timed, ...]:
        return sending(database, config, chosen_senders(environment, database))

    messaging = replace(MANIFEST["messaging"], clocks=senders)
    config = messaging.read_config(environment)
    return Group({**group.services, "messaging": messaging.build(config, group.database("messaging"), clock)})


def play(group: Group, clock: VirtualClock, guests: int, *, has_journeys: bool) -> None:
    with closing(world_of(group, clock)) as world:
        setup = set_up_everything(group, HOTELS, BEGINS) if has_journeys else set_up(group)
        for service in setup:
            world.mark_changed(service)
        world.settle(BEGINS)
        stays = [stay_of(number) for number in range(guests)]
        play_world(world.play(acts(group.database("segments"), stays), ENDS), [], lambda _: None)


def set_up(group: Group) -> list[str]:
    return apply_setup(group, Setup(tuple(HOTELS)), BEGINS)


def stay_of(number: int) -> Reservation:
    return row(
        number, name=f"Ana{letters(number)} Silva{letters(number)}", email=f"guest{number}@mail.example.com",
        country="GB", language="en", booked_on=date(2026, 11, 11), arrival=ARRIVAL, departure=DEPARTURE,
        birth_date=BIRTHDAY, email_consent=ClaimedConsent.EXPRESS,
    )  # fmt: skip


def acts(segments: Database, stays: Sequence[Reservation]) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
    """Everybody books, comes and leaves, as their hotel's system tells it."""
    for status, on in (
        (StayStatus.BOOKED, date(2026, 11, 11)),
        (StayStatus.CHECKED_IN, ARRIVAL),
        (StayStatus.CHECKED_OUT, DEPARTURE),
    ):
        for number, first in enumerate(range(0, len(stays), SET)):
            some = [replace(one, status=status, status_date=on) for one in stays[first : first + SET]]
            yield local_instant(on, time(12, number % 60), "UTC"), partial(enter_all, segments, some)


def enter_all(segments: Database, stays: Sequence[Reservation], at: datetime) -> str:
    with segments.transaction() as tx:
        enter(tx, stays, at, EntryOptions(booking_only=False, initial=False, lane=None))
    return "segments"


def forget_events(service: Service) -> None:
    with closing(Relay(service.database, mailbox_publisher([]), service=service.name)) as relay:
        relay.prune(ENDS + PAST_ALL_TERMS)


def sizes(dsn: str) -> list[tuple[str, int]]:
    """Of every table, with what is stored beside it, and of every index, once all is written anew."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum full")
        return connection.execute(SIZES).fetchall()


SIZES = """
    select coalesce(inhparent::regclass::text, relname),
           sum(case when relkind = 'i' then pg_relation_size(oid) else pg_table_size(oid) end)::bigint
    from pg_class left join pg_inherits on inhrelid = oid
    where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace group by 1
"""


if __name__ == "__main__":
    sys.exit(main(count_given(GUESTS)))
