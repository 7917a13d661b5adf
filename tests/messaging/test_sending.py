"""Senders that race, die, lose their database, and hear every kind of answer."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.messaging import sender_role as clock
from services.messaging.channels.sender import Outcome
from services.messaging.commands.sending.claim import claim_due
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.results import record_outcomes
from services.messaging.config import Config
from services.messaging.sender_role import FIRST_BATCH, SenderRole
from services.messaging.store.sending.results import CLAIMERS
from shared.embedded.server import EmbeddedPostgres
from shared.errors import DatabaseUnavailable
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, stay, stop, survey, withdrawn

ADDRESS = "ana@example.com"


def test_fifty_senders_racing_for_one_guest_keep_the_cap(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    messages = [_numbered(number) for number in range(50)]
    hotel.hears(*messages)
    roles = [hotel.another_sender() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_drain, roles))
    for at in (MONDAY + timedelta(minutes=1), MONDAY + timedelta(minutes=2)):
        hotel.runs(at)
    states = [state for state, _ in hotel.outcomes()]
    assert states.count("sent") == 1
    assert hotel.outcomes().count(("skipped", "priority")) == 49


def test_senders_racing_claim_by_claim_never_pass_the_cap(make_database: MakeDatabase) -> None:
    """Fifty messages of one guest, each due an instant of its own, so that no claim holds two."""
    hotel = Hotel(make_database("messaging"), config=Config(batch=1))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    hotel.hears(guest(BEN, points=[email(hotel.keyring, ADDRESS)]))
    hotel.hears(*(_numbered(number, BEN if number % 2 else ANA) for number in range(50)))
    roles = [hotel.another_sender() for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        for number in range(50):
            at = MONDAY + timedelta(minutes=number)
            list(pool.map(lambda role, at=at: role.step(at), roles))
    hotel.runs(MONDAY + timedelta(hours=2))
    outcomes = hotel.outcomes()
    assert outcomes.count(("sent", None)) == 2  # two guests, one address: the address's cap
    assert outcomes.count(("skipped", "frequency_cap")) == 48
    assert hotel.contacts() == 2


def _numbered(number: int, guest_id: Any = ANA) -> Any:
    due = MONDAY + timedelta(minutes=number) if number else MONDAY
    return birthday(guest_id, plan=number + 1, due_at=due)


def _drain(role: SenderRole) -> None:
    for _ in range(60):
        role.step(MONDAY + timedelta(minutes=50))


def test_a_sender_killed_between_claim_and_result_leaves_the_message_unknown_and_never_sends_it_again(
    make_database: MakeDatabase,
) -> None:
    class Dying(Provider):
        def send(self, batch: Any) -> Any:
            super().send(batch)
            raise KeyboardInterrupt

    hotel = Hotel(make_database("messaging"), Dying())
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    with pytest.raises(KeyboardInterrupt):
        hotel.sender.step(MONDAY)
    after = MONDAY + timedelta(minutes=10)
    healthy = Provider()
    other = hotel.another_sender(healthy)
    assert other.next_due() == after
    other.step(after)  # the claimer's session still lives: it is given more time
    assert hotel.outcomes() == []
    hotel.sender.close()
    other.step(after + timedelta(minutes=10))
    assert hotel.outcomes() == [("unknown", "lease_expired")]
    assert healthy.taken == []
    assert [name for name, _, _ in hotel.said()] == ["message.unknown.v1"]
    assert hotel.contacts() == 1  # it may have gone: it counts


def test_a_dead_senders_claims_are_taken_up_once_its_lock_is_free_and_those_of_a_stopped_one_are_not(
    make_database: MakeDatabase,
) -> None:
    class Stopped(Provider):
        def send(self, batch: Any) -> Any:
            raise KeyboardInterrupt

    hotel = Hotel(make_database("messaging"), Stopped())
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    with pytest.raises(KeyboardInterrupt):
        hotel.sender.step(MONDAY)
    healthy = Provider()
    other = hotel.another_sender(healthy)
    for seconds in (5, 20, 300):
        other.step(MONDAY + timedelta(seconds=seconds))
        assert hotel.outcomes() == []  # its session holds the lock: it may go on at any moment
    hotel.sender.close()
    other.step(MONDAY + timedelta(seconds=5))
    assert hotel.outcomes() == []  # one that lost its database for a moment may be back
    other.step(MONDAY + timedelta(seconds=16))
    assert hotel.outcomes() == [("unknown", "lease_expired")]
    other.step(MONDAY + timedelta(minutes=30))
    assert healthy.taken == []


def test_answers_that_could_not_be_recorded_are_recorded_by_the_next_step(
    make_database: MakeDatabase, cluster: EmbeddedPostgres
) -> None:
    class Cutting(Provider):
        """The database is lost while the provider answers."""

        def send(self, batch: Any) -> Any:
            if not self.taken:
                name = hotel.one("select current_database()")
                cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
                with psycopg.connect(cluster.admin_dsn(), autocommit=True) as admin:
                    admin.execute(cut, [name])
            return super().send(batch)

    provider = Cutting()
    hotel = Hotel(make_database("messaging"), provider)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    with pytest.raises(DatabaseUnavailable):
        hotel.sender.step(MONDAY)
    again = MONDAY + timedelta(seconds=1)
    for _ in range(4):  # the pool finds out about each dead connection
        with suppress(DatabaseUnavailable):
            hotel.sender.step(again)
        with suppress(psycopg.OperationalError):
            hotel.one("select 1")
    assert hotel.outcomes() == [("sent", None)]
    assert len(provider.taken) == 1


def test_a_definite_failure_gives_the_contact_back(make_database: MakeDatabase) -> None:
    refusing = Provider(MessageState.FAILED, reason=Reason.BAD_ADDRESS)
    hotel = Hotel(make_database("messaging"), refusing)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("failed", "bad_address")]
    assert hotel.contacts() == 0
    assert [name for name, _, _ in hotel.said()] == ["message.failed.v1", "point.refused.v1"]


def test_what_may_be_tried_again_passes_the_gate_again(make_database: MakeDatabase) -> None:
    busy = Provider(MessageState.FAILED, reason=Reason.TEMPORARY, again=True)
    hotel = Hotel(make_database("messaging"), busy)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    assert (hotel.outcomes(), hotel.sender.next_due()) == ([], MONDAY + timedelta(minutes=1))
    hotel.runs(MONDAY + timedelta(minutes=1))
    assert hotel.sender.next_due() == MONDAY + timedelta(minutes=3)
    hotel.hears(stop(hotel.keyring, "email", ADDRESS))
    hotel.runs(MONDAY + timedelta(minutes=3))
    assert hotel.outcomes() == [("skipped", "suppressed")]
    assert len(busy.taken) == 2


def test_a_number_that_the_provider_holds_a_stop_for_is_suppressed(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"), Provider(MessageState.FAILED, reason=Reason.OPTED_OUT))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday(), birthday(plan=2))
    hotel.runs()
    assert hotel.one("select purpose from suppression") == "all"


def test_an_unknown_outcome_is_final_here(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"), Provider(MessageState.UNKNOWN, reason=Reason.CUT_OFF))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    hotel.runs(MONDAY + timedelta(days=2))
    assert hotel.outcomes() == [("unknown", "cut_off")]


def test_a_claimer_given_up_too_early_still_says_what_became_of_its_messages(make_database: MakeDatabase) -> None:
    class Slow(Provider):
        """Answers when the claim has been given up: the database was restarted, and with it went the session lock."""

        def send(self, batch: Any) -> Any:
            hotel.sender.close()
            hotel.another_sender(Provider()).step(MONDAY + timedelta(minutes=10))
            assert hotel.outcomes() == [("unknown", "lease_expired")]
            return super().send(batch)

    hotel = Hotel(make_database("messaging"), Slow())
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("unknown", "lease_expired"), ("sent", None)]


def test_a_message_is_handed_over_only_while_the_lease_lasts(make_database: MakeDatabase) -> None:
    class Sleepy(Provider):
        def send(self, batch: Any) -> Any:
            give_up = time.monotonic() + PATIENCE
            while batch[0].is_ours() and time.monotonic() < give_up:
                time.sleep(0.05)
            assert not batch[0].is_ours()
            return super().send(batch)

    hotel = Hotel(make_database("messaging"), Sleepy(), Config(lease=timedelta(seconds=1)))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.sender.step(MONDAY)
    assert hotel.outcomes() == [("sent", None)]


HELD = """
    select count(*) from pg_locks where locktype = 'advisory' and classid = %s and granted
        and database = (select oid from pg_database where datname = current_database())
"""


def test_nothing_is_claimed_without_the_lock_on_the_claimers_number(
    make_database: MakeDatabase, cluster: EmbeddedPostgres
) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    hotel.sender.step(MONDAY)
    name = hotel.one("select current_database()")
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    with suppress(psycopg.OperationalError):
        hotel.one("select 1")
    hotel.hears(birthday())
    with pytest.raises(DatabaseUnavailable):
        hotel.sender.step(MONDAY)
    hotel.sender.step(MONDAY)
    assert hotel.one(HELD, CLAIMERS) == 1
    assert hotel.outcomes() == [("sent", None)]


def test_what_is_taken_back_on_its_way_is_not_tried_again(make_database: MakeDatabase) -> None:
    class Busy(Provider):
        def send(self, batch: Any) -> Any:
            hotel.hears(withdrawn(message))
            return super().send(batch)

    message = birthday()
    busy = Busy(MessageState.FAILED, reason=Reason.TEMPORARY, again=True)
    hotel = Hotel(make_database("messaging"), busy)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), message)
    hotel.runs()
    hotel.runs(MONDAY + timedelta(days=1))
    assert (hotel.state_of(message), len(busy.taken)) == ("withdrawn", 1)


def test_an_answer_recorded_twice_gives_back_one_contact(make_database: MakeDatabase) -> None:
    busy = Provider(MessageState.FAILED, reason=Reason.TEMPORARY, again=True)
    hotel = Hotel(make_database("messaging"), busy)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.sender.step(MONDAY - timedelta(hours=1))  # brings the templates
    with hotel.database.transaction() as tx:
        first = claim_due(tx, GateContext(hotel.config, hotel.keyring), 1, MONDAY, most=10)
    answer = [Outcome(message_id=first.messages[0].request.message_id, state=MessageState.FAILED, again=True)]
    for _ in range(2):  # the commit went through, its answer did not
        with hotel.database.transaction() as tx:
            record_outcomes(tx, first.token, answer, MONDAY)  # type: ignore[arg-type]
        hotel.another_sender(Provider()).step(MONDAY + timedelta(minutes=1))
    assert hotel.outcomes() == [("sent", None)]
    assert hotel.contacts() == 1


def test_what_was_sent_is_recorded_before_the_next_is_handed_over(make_database: MakeDatabase) -> None:
    """A sender that dies leaves a second's work unclear, and what it had not handed over is nobody's loss."""

    class Looking(Provider):
        def send(self, batch: Any) -> Any:
            recorded.append(len(hotel.outcomes()))
            return super().send(batch)

    recorded: list[int] = []
    hotel = Hotel(make_database("messaging"), Looking())
    people = [make_id("guest", number) for number in range(FIRST_BATCH + 1)]
    points = ([email(hotel.keyring, f"guest{number}@example.com")] for number in range(len(people)))
    hotel.hears(lisbon(), *(guest(each, points=point) for each, point in zip(people, points, strict=True)))
    hotel.hears(*map(birthday, people))
    hotel.sender.step(MONDAY)
    assert recorded == [0, FIRST_BATCH]
    assert len(hotel.outcomes()) == FIRST_BATCH + 1


def test_when_the_database_is_lost_nothing_more_is_handed_over(
    make_database: MakeDatabase, cluster: EmbeddedPostgres
) -> None:
    class Cutting(Provider):
        def send(self, batch: Any) -> Any:
            if not self.taken:
                with psycopg.connect(cluster.admin_dsn(), autocommit=True) as admin:
                    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
                    admin.execute(cut, [name])
            return super().send(batch)

    provider = Cutting()
    hotel = Hotel(make_database("messaging"), provider)
    people = [make_id("guest", number) for number in range(FIRST_BATCH + 1)]
    points = ([email(hotel.keyring, f"guest{number}@example.com")] for number in range(len(people)))
    hotel.hears(lisbon(), *(guest(each, points=point) for each, point in zip(people, points, strict=True)))
    hotel.hears(*map(birthday, people))
    name = hotel.one("select current_database()")
    with pytest.raises(DatabaseUnavailable):
        hotel.sender.step(MONDAY)
    assert len(provider.taken) == FIRST_BATCH
    hotel.sender.step(MONDAY)
    hotel.sender.step(MONDAY + timedelta(minutes=1))  # the last one is due again
    with suppress(psycopg.OperationalError):
        hotel.one("select 1")
    assert hotel.outcomes() == [("sent", None)] * (FIRST_BATCH + 1)
    assert len(provider.taken) == FIRST_BATCH + 1


def test_a_slow_provider_is_given_a_few_seconds_work_so_that_a_survey_waits_no_longer(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Provider):
        def send(self, batch: Any) -> Any:
            time.sleep(0.1 * len(batch))
            return super().send(batch)

    monkeypatch.setattr(clock, "FIRST_BATCH", 10)
    monkeypatch.setattr(clock, "LEAST", 1)
    monkeypatch.setattr(clock, "CLAIMED_FOR", 0.5)
    slow = Slow()
    hotel = Hotel(make_database("messaging"), slow)
    people = [make_id("guest", number) for number in range(12)]
    points = ([email(hotel.keyring, f"guest{number}@example.com")] for number in range(len(people)))
    hotel.hears(lisbon(), *(guest(each, points=point) for each, point in zip(people, points, strict=True)))
    hotel.hears(*map(birthday, people[:10]))
    assert hotel.sender.step(MONDAY) == 5  # the first guess
    assert 1 <= hotel.sender.step(MONDAY) <= 4  # it took its time
    hotel.hears(stay("R1", people[11]), survey("R1", people[11]))
    taken = len(slow.taken)
    hotel.sender.step(MONDAY)
    assert slow.taken[taken].to == "guest11@example.com"
