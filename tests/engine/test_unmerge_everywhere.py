"""A merge taken back leaves nothing behind in any service: everybody's tables are what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guestloop.composition.services import MANIFEST
from services.campaigns.commands.launch import launch
from services.campaigns.shipped import install_shipped as install_journeys
from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.messaging.commands.consents.ledger import record_consent
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.commands.segments.lifecycle import install_shipped as install_segments
from services.segments.commands.segments.lifecycle import use_segment
from shared.database.pool import Database, Tx
from shared.events import Chunk, chunk_of
from shared.events.feedback import OptoutRequested
from shared.events.messaging import MessageSent
from shared.events.wire import decode
from shared.ids import make_id
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.stay import StayStatus
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.segments.rows import add_properties, row
from tests.segments.test_unmerge import TABLES as OF_SEGMENTS
from tests.segments.test_unmerge import RollBack, compare

SERVICES = ("segments", "campaigns", "messaging", "feedback")
# Numbers that only grow, instants of the last writing, and logs.
GROWN = {"version", "plan", "changed_at", "recorded_at", "address_sealed", "seq", "requested_at"}
TABLES: Mapping[str, tuple[str, ...]] = {
    "segments": tuple(OF_SEGMENTS),
    "campaigns": ("guest_known", "stay_known", "audience_member", "enrolment", "goal", "cut_short"),
    "messaging": ("recipient", "recipient_point", "consent", "consent_alone", "suppression", "stay_known", "case_known",
                  "delivery"),
    "feedback": ("guest_known", "stay_known", "voice", "survey_answer", "care_case", "message_known", "reply"),
}  # fmt: skip
NEWEST = "select coalesce(max(id), 0) from outbox"


class World:
    """Four services, each in one transaction that is never committed; what one publishes, the others hear at once."""

    def __init__(self, txs: Mapping[str, Tx]) -> None:
        self.txs = txs
        self._seen = {service: tx.execute(NEWEST).fetchone()[0] for service, tx in txs.items()}  # type: ignore[index]

    def __getitem__(self, service: str) -> Tx:
        return self.txs[service]

    def settle(self, at: datetime) -> None:
        while news := list(self._news()):
            for chunk in news:
                self.hear(chunk, at)

    def hear(self, chunk: Chunk, at: datetime) -> None:
        for service in SERVICES:
            for subscription in MANIFEST[service].subscriptions:
                if handler := subscription.handlers.get(chunk.type.name):
                    handler(self[service], chunk, at)

    def _news(self) -> Iterator[Chunk]:
        for service in SERVICES:
            query = "select id, type, body, headers ? 'ce-republished' from outbox where id > %s order by id"
            for number, name, body, again in self[service].execute(query, [self._seen[service]]).fetchall():
                self._seen[service] = number
                yield decode(name, bytes(body), republished=again)

    def state(self) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for service, tables in TABLES.items():
            for table in tables:
                rows = self[service].execute(f"select to_jsonb(t) from {table} t order by 1").fetchall()
                found[f"{service}.{table}"] = [
                    {name: value for name, value in one.items() if name not in GROWN}
                    for (one,) in rows
                    if one.get("reason")
                    not in ("stay_moved", "merged")  # ended, with a stay that is another's: a figure
                ]
        return found

    def guests(self) -> list[UUID]:
        query = "select id from guest where merged_into is null order by id"
        return [guest for (guest,) in self["segments"].execute(query).fetchall()]


@contextmanager
def a_world(databases: Mapping[str, Database]) -> Iterator[World]:
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(RollBack))
        txs = {service: stack.enter_context(databases[service].transaction()) for service in SERVICES}
        yield World(txs)
        raise RollBack


@pytest.fixture
def databases(make_database: MakeDatabase) -> dict[str, Database]:
    made = {service: make_database(service) for service in SERVICES}
    add_properties(made["segments"])
    launched = NOW - timedelta(days=30)
    with made["segments"].transaction() as tx:
        install_segments(tx, launched)
        for key in ("lapsed-3-months-regular", "birthday-in-7-days"):
            use_segment(tx, key, launched, republish=False)
    with made["campaigns"].transaction() as tx:
        install_journeys(tx, launched)
        for key in ("birthday", "post-stay-survey", "win-back"):
            launch(tx, key, at=launched, by="Rui")
    return made


def bring(world: World, number: int, person: int, status: StayStatus, consents: tuple[Any, Any], at: datetime) -> None:
    given, family = (("Rita", "Cantu"), ("João", "Conceição"), ("Anna", "Müller"))[person]
    stay = row(
        number, given_name=given, family_name=family, email=f"{given.lower()}@example.com".replace("ã", "a"),
        phone=f"+44770090012{person}", birth_date=date(1980, 11, 22 + person), booked_on=date(2026, 11, 1),
        arrival=date(2026, 11, 18), departure=date(2026, 11, 20), status=status, status_date=date(2026, 11, 20),
        email_consent=consents[0], sms_consent=consents[1],
    )  # fmt: skip
    enter(world["segments"], [stay], at, EntryOptions(booking_only=False, initial=False, lane=None))
    world.settle(at)


def stop(world: World, guest: UUID, channel: str, at: datetime) -> None:
    query = "select point from guest_point where guest_id = %s and channel = %s"
    found = world["segments"].execute(query, [guest, channel]).fetchone()
    if found is None:
        return
    objection = OptoutRequested(
        optout_id=make_id("optout", guest, channel), version=1, channel=Channel(channel), point=found[0],
        guest_id=guest, scope=OptOutScope.MARKETING, source="link", requested_at=at,
    )  # fmt: skip
    world.hear(chunk_of([objection]), at)
    world.settle(at)


def agree(world: World, guest: UUID, channel: str, at: datetime) -> None:
    record_consent(world["messaging"], guest, channel, "marketing", said_at=at, source_ref="desk", at=at)
    world.settle(at)


def answer(world: World, guest: UUID, _: str, at: datetime) -> None:
    query = "select id, property from stay where guest_id = %s order by id limit 1"
    found = world["segments"].execute(query, [guest]).fetchone()
    if found is None:
        return
    message = make_id("survey", guest)
    sent = MessageSent(
        message_id=message, version=2, guest_id=guest, journey="post-stay-survey", journey_version=1, step="survey",
        occurrence="x", purpose=Purpose.FEEDBACK, property=found[1], stay_id=found[0], channel=Channel.EMAIL,
        state="sent", reason=None, held_until=None, occurred_at=at,
    )  # fmt: skip
    world.hear(off_the_wire(chunk_of([sent])), at)
    answer_survey(world["feedback"], message, 5, None, Channel.EMAIL, at)
    world.settle(at)


def complain(world: World, guest: UUID, _: str, at: datetime) -> None:
    open_case(world["feedback"], Opening(ref=str(guest), guest_id=guest, reason=CaseReason.DESK, property="LIS"), at)
    world.settle(at)


DEEDS = {"stop": stop, "agree": agree, "answer": answer, "complain": complain}


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stays=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from([StayStatus.BOOKED, StayStatus.CHECKED_OUT]),
            st.tuples(*[st.sampled_from([None, *ClaimedConsent])] * 2),
        ),
        max_size=3,
    ),
    deeds=st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2), st.sampled_from(["email", "sms"])),
        max_size=4, unique_by=lambda deed: deed[:2],
    ),
    merges=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
)  # fmt: skip
def test_every_services_tables_are_what_they_were(
    databases: dict[str, Database], stays: list[Any], deeds: list[Any], merges: list[Any], order: Any
) -> None:
    with a_world(databases) as world:
        for number, (person, status, consents) in enumerate(
            [(person, StayStatus.BOOKED, (ClaimedConsent.EXPRESS, None)) for person in range(3)] + stays
        ):
            bring(world, number + 1, person, status, consents, NOW)
        everybody = world.guests()
        for minute, (deed, who, channel) in enumerate(deeds):
            DEEDS[deed](world, everybody[who], channel, NOW + timedelta(minutes=minute))
        before = world.state()
        merged = []
        for minute, (one, other) in enumerate(merges):
            living = world.guests()
            guest, into = living[one % len(living)], living[other % len(living)]
            if guest != into:
                at = NOW + timedelta(hours=1, minutes=minute)
                merge_guests(world["segments"], guest, into, "Rui", at)
                world.settle(at)
                merged.append(guest)
        order.shuffle(merged)
        for minute, guest in enumerate(merged):
            at = NOW + timedelta(hours=2, minutes=minute)
            unmerge_guest(world["segments"], guest, "Rui", at)
            world.settle(at)
        compare(world.state(), before, tuple(before))
