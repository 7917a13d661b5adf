"""A guest who is everywhere: in each service, in the events under way, in what could not be handled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import SERVICES, Group, database_name
from guestloop.composition.virtual_world import World
from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.messaging.commands.consents.by_staff import agree_for
from services.segments.commands.guests.care import Profile, change_profile, mute_stay, unmute_stay
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.reservations import Reservation
from shared.access.people import Person
from shared.bus.dead_letters import of_subject, store_dead_letters
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.events.dictionary import Chunk
from shared.events.wire import decode
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.role import Role
from shared.vocabulary.stay import StayStatus
from tests.cast import FILIPA
from tests.conftest import KEYS
from tests.engine.planted import Search

BEGAN = datetime(2026, 5, 1, 6, tzinfo=UTC)
SURVEYED = datetime(2026, 5, 5, 12, tzinfo=UTC)
ERASED = datetime(2026, 5, 5, 18, tzinfo=UTC)
LATER = datetime(2026, 5, 6, 12, tzinfo=UTC)
PLANTS = (
    *(
        "Zephyrine",
        "Quillfeather",
        "zephyrine.q@example.com",
        "+447700900987",
        "447700900987",
        "RES-ZQ-77",
        "RES-ZQ-78",
    ),
    *(
        "allergic to quinces",
        "the pillow hissed",
        "call me about the parrot",
        "asked for the blue room",
        "over the phone",
    ),
    "1971-02-03",
)
ZEPHYRINE = Reservation(
    source="pms", property="LIS", reservation="RES-ZQ-77", status=StayStatus.CHECKED_OUT,
    status_date=date(2026, 5, 4), booked_on=date(2026, 4, 1), arrival=date(2026, 5, 1), departure=date(2026, 5, 4),
    rate=Decimal(111), revenue=Decimal(333), currency="EUR", given_name="Zephyrine", family_name="Quillfeather",
    email="zephyrine.q@example.com", phone="+447700900987", birth_date=date(1971, 2, 3), language="en", country="GB",
    email_consent=ClaimedConsent.EXPRESS, sms_consent=ClaimedConsent.EXPRESS,
)  # fmt: skip
TO_COME = replace(
    ZEPHYRINE, reservation="RES-ZQ-78", status=StayStatus.BOOKED, status_date=date(2026, 5, 2),
    booked_on=date(2026, 5, 2), arrival=date(2026, 8, 1), departure=date(2026, 8, 4),
)  # fmt: skip
NEIGHBOUR = replace(
    ZEPHYRINE, reservation="RES-OM-1", given_name="Olympia", family_name="Marsh", email="olympia.m@example.com",
    phone="+447700900111", birth_date=date(1960, 6, 6),
)  # fmt: skip
GUEST = ZEPHYRINE.key().guest_id()
DESK = Person(make_id("person", "x"), "Dina Duarte", Role.DUTY_MANAGER, frozenset())
HISTORY = EntryOptions(booking_only=False, initial=False, lane=None)
FIGURES = """
    select property, status, count(*), sum(nights), sum(revenue) from stay group by 1, 2 order by 1, 2
"""
TALLY = """
    select journey, step, property, what, reason, sum(n)::int from journey_tally
    group by 1, 2, 3, 4, 5 having sum(n) <> 0
"""
VOICES = (
    "select property, span, sum(promoters), sum(passives), sum(detractors) from voice_tally group by 1, 2 order by 1, 2"
)


def act(group: Group, service: str, do: Callable[[Any], object], world: World) -> None:
    with group.database(service).transaction() as tx:
        do(tx)
    world.mark_changed(service)


def live(group: Group, world: World) -> None:
    """Weeks with a guest who is everywhere: stays, messages, an answer, a reply, a case, notes, a dead letter."""
    for service in apply_setup(group, Setup.for_export(["LIS", "SHA"], {}, entries_from=date(2026, 1, 1)), BEGAN):
        world.mark_changed(service)
    world.settle(BEGAN)

    def bring(now: datetime) -> str:
        with group.database("segments").transaction() as tx:
            enter(tx, [ZEPHYRINE, TO_COME, NEIGHBOUR], now, HISTORY)
        return "segments"

    for _ in world.play(iter([(datetime(2026, 5, 4, 13, tzinfo=UTC), bring)]), SURVEYED):
        pass
    keyring = group.database("feedback").keyring
    surveys = rows(group, "feedback", "select message_id from message_known where guest_id = %s", GUEST)
    assert surveys, "no survey was sent, so nothing can be answered"
    points = keyring.index("sms", ZEPHYRINE.phone or "")
    acts: list[tuple[str, Callable[[Any], object]]] = [
        ("feedback", lambda tx: answer_survey(tx, surveys[0][0], 3, "the pillow hissed", Channel.EMAIL, SURVEYED)),
        ("feedback", lambda tx: receive_reply(
            tx, Reply(ref="r1", channel=Channel.SMS, point=points, text="call me about the parrot"), SURVEYED)),
        ("feedback", lambda tx: open_case(tx, Opening(
            ref="desk", guest_id=GUEST, reason=CaseReason.DESK, kind=CaseKind.COMPLAINT, property="LIS",
            stay_id=ZEPHYRINE.key().stay_id(), words="asked for the blue room", by="Filipa Faria"), SURVEYED)),
        ("segments", lambda tx: change_profile(
            tx, GUEST, rows(group, "segments", "select version from guest where id = %s", GUEST)[0][0],
            Profile("en", ["parrots"], "allergic to quinces"), FILIPA.name, SURVEYED)),
        ("segments", lambda tx: mute_stay(tx, TO_COME.key().stay_id(), FILIPA.name, SURVEYED)),
        ("segments", lambda tx: unmute_stay(tx, TO_COME.key().stay_id(), FILIPA.name, SURVEYED)),
        ("messaging", lambda tx: agree_for(
            tx, GUEST, "email", "feedback", said_at=SURVEYED, place="over the phone", words="yes please",
            by=DESK, at=SURVEYED)),
    ]  # fmt: skip
    for service, do in acts:
        act(group, service, do, world)
    world.settle(SURVEYED)
    for service in ("feedback", "messaging"):
        letter = next(chunk for chunk in published(group, "segments") if chunk.type.name == "guest.changed.v1")
        place = [str(one) for one in letter["guest_id"]].index(str(GUEST))
        with group.database(service).transaction() as tx:
            store_dead_letters(
                tx, [of_subject("guests", (make_id("letter"), 0), letter.pick([place]), "a reason", SURVEYED)]
            )
    # what is on its way at the moment of the erasure: one more event in the outbox
    act(group, "segments", lambda tx: book(tx, [replace(TO_COME, departure=date(2026, 8, 6))], ERASED), world)


def rows(group: Group, service: str, query: str, *params: Any) -> list[tuple[Any, ...]]:
    with group.database(service).transaction() as tx:
        return tx.execute(query, params).fetchall()


def published(group: Group, service: str) -> list[Chunk]:
    found = rows(group, service, "select type, body from outbox order by id")
    return [decode(name, bytes(body)) for name, body in found]


def databases(group: Group) -> dict[str, Database]:
    return {name: group.database(name) for name in SERVICES}


def search(group: Group) -> Search:
    return Search(PLANTS, KeyRing.parse(KEYS)).through(databases(group))


def figures(group: Group) -> list[Any]:
    return [rows(group, "segments", FIGURES), sorted(map(str, rows(group, "campaigns", TALLY))),
            rows(group, "feedback", VOICES), rows(group, "feedback", "select count(*), sum(score) from survey_answer"),
            rows(group, "console", "select state, count(*) from message_seen group by 1 order by 1"),
            rows(group, "console", "select * from stay_day order by 1, 2, 3, 4, 5")]  # fmt: skip


def back_up(server: EmbeddedPostgres) -> None:
    """Each database copied under another name."""
    _in_each(server, 'create database "{0}_backup" template "{0}"')


def restore(server: EmbeddedPostgres) -> None:
    _in_each(
        server,
        'drop database "{0}"',
        'alter database "{0}_backup" rename to "{0}"',
        'alter database "{0}" owner to "{0}"',
    )


def _in_each(server: EmbeddedPostgres, *statements: str) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for service in SERVICES:
            name = database_name(service)
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname like %s", [f"{name}%"]
            )
            for statement in statements:
                connection.execute(statement.format(name).encode())
