"""Notices to colleagues that are late, cut off, claimed by the dead or asked about: never lost, never sent twice."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest

from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.channels.twilio.sender import TwilioSender, TwilioSettings
from services.messaging.commands.sending.results import note_restored
from services.messaging.queries.backlog import BACKLOG
from shared.errors import DatabaseUnavailable
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.reason import Reason
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.hotel import Provider
from tests.messaging.mail_server import inbox, otherwise, scripted
from tests.messaging.staff_mail import StaffMail, smtp
from tests.messaging.twilio_server import ACCOUNT, CUT, TOKEN, twilio

A_MINUTE = timedelta(minutes=1)


def test_who_asks_late_gets_nothing_late(make_database: MakeDatabase) -> None:
    taken = Provider()
    desk = StaffMail(make_database("messaging"), email=taken)
    desk.ask()
    assert desk.role.next_due() == NOW
    desk.work(NOW + timedelta(minutes=31))
    assert desk.states() == [("failed", "expired")] and not taken.taken


def test_what_was_never_offered_goes_again_until_it_is_of_no_use(make_database: MakeDatabase) -> None:
    with scripted(otherwise({"MAIL": "451 4.3.0 later"})) as busy:
        desk = StaffMail(make_database("messaging"), email=smtp(busy.port))
        desk.ask()
        desk.work()
        assert desk.states() == [("queued", None)]
        later = desk.role.next_due()
        assert later == NOW + timedelta(seconds=15)
    with inbox() as server:
        desk.role = desk.another_role(email=smtp(server.port))
        desk.work(later)
        assert len(server.mails) == 1 and desk.states() == [("sent", None)]


class Dying:
    """A provider whose process ends right after it was handed the mail."""

    name, is_sandbox = "dying", False

    def __init__(self) -> None:
        self.taken = 0

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self.taken += len(batch)
        raise KeyboardInterrupt

    def rest(self) -> None:
        """Nothing is held open."""


def test_what_a_dead_role_had_claimed_is_unknown_and_not_sent_again(make_database: MakeDatabase) -> None:
    dying, taken = Dying(), Provider()
    desk = StaffMail(make_database("messaging"), email=dying)
    desk.ask(useful_until=NOW + timedelta(hours=2))
    with pytest.raises(KeyboardInterrupt):
        desk.role.step(NOW)
    desk.role = desk.another_role(email=taken)
    desk.work(NOW + A_MINUTE)  # it may still be at work
    assert desk.states() == [("claimed", None)]
    assert desk.role.next_due() == NOW + desk.config.lease
    desk.work(NOW + desk.config.lease)
    assert desk.states() == desk.outcomes() == [("unknown", "lease_expired")]
    assert (dying.taken, taken.taken) == (1, [])


class Slow(Provider):
    """Answers only after its lease is over."""

    def __init__(self, meanwhile: StaffMail, answer: MessageState) -> None:
        super().__init__(answer)
        self._desk = meanwhile

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        assert self._desk.another_role(email=Provider()).step(NOW + self._desk.config.lease) == 1
        return super().send(batch)


def test_a_late_answer_settles_what_was_given_up(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"))
    desk.role = desk.another_role(email=Slow(desk, MessageState.SENT))
    desk.ask()
    desk.role.step(NOW)
    assert desk.outcomes() == [("unknown", "lease_expired"), ("sent", None)]
    assert desk.states() == [("sent", None)]


def test_answers_are_kept_over_a_lost_database_and_recorded_once_it_is_back(make_database: MakeDatabase) -> None:
    class Cutting(Provider):
        def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
            with psycopg.connect(desk.database.dsn, autocommit=True) as other:
                other.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            return super().send(batch)

    taken = Cutting()
    desk = StaffMail(make_database("messaging"), email=taken)
    desk.ask()
    try:
        desk.role.step(NOW)
    except DatabaseUnavailable:
        desk.role.step(NOW + A_MINUTE)
    assert desk.states() == [("sent", None)] and len(taken.taken) == 1


def test_two_roles_never_take_the_same_notice(make_database: MakeDatabase) -> None:
    taken = Provider()
    desk = StaffMail(make_database("messaging"))
    for _ in range(50):
        desk.ask()
    roles = [desk.another_role(email=taken) for _ in range(2)]
    threads = [threading.Thread(target=lambda role=role: [role.step(NOW) for _ in range(5)]) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [message.message_id for message in taken.taken]
    assert len(sent) == len(set(sent)) == 50


def test_a_role_that_is_told_to_stop_gives_back_what_it_has_not_offered(make_database: MakeDatabase) -> None:
    stop = threading.Event()
    with inbox() as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        desk.role.stop_on(stop)
        stop.set()
        desk.ask()
        desk.role.step(NOW)
        assert desk.states() == [("queued", None)] and not server.mails
        desk.role = desk.another_role(email=smtp(server.port))
        desk.work()
        assert len(server.mails) == 1


def test_a_text_message_whose_answer_was_lost_is_looked_up_and_goes_again_only_if_it_never_arrived(
    make_database: MakeDatabase,
) -> None:
    with twilio() as server:
        server.at = NOW
        account = TwilioSender(TwilioSettings(ACCOUNT, TOKEN, "+15005550006", address=server.address, timeout=PATIENCE))
        desk = StaffMail(make_database("messaging"), sms=account)
        desk.ask(NoticeKind.CASE_ALERT, channel=Channel.SMS, to=CUT, useful_until=NOW + timedelta(hours=2))
        desk.work()
        assert desk.states() == [("unknown", "cut_off")]
        desk.work(NOW + desk.config.provider_lag)
        assert desk.states() == [("sent", None)] and len(server.listed) == 1
        server.is_down = True
        desk.ask(NoticeKind.CASE_ALERT, channel=Channel.SMS, to="+351920000002", useful_until=NOW + timedelta(hours=2))
        desk.work()
        server.is_down = False
        horizon = NOW + desk.config.lease + desk.config.provider_lag
        desk.work(horizon - A_MINUTE)
        assert len(server.listed) == 1  # it may not list yet what it took
        server.at = horizon + desk.config.provider_lag
        desk.work(server.at)
        assert len(server.listed) == 2
    assert {state for state, _ in desk.states()} == {"sent"}


def test_after_a_restore_what_waited_is_not_sent_a_second_time(make_database: MakeDatabase) -> None:
    taken = Provider()
    desk = StaffMail(make_database("messaging"), email=taken)
    desk.ask()
    with desk.database.transaction() as tx:
        note_restored(tx, NOW)
    desk.work()
    assert desk.states() == desk.outcomes() == [("unknown", "restored")] and not taken.taken


def test_settled_notices_are_forgotten_after_thirty_days(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"), email=Provider(MessageState.FAILED, reason=Reason.BAD_ADDRESS))
    desk.ask()
    desk.work()
    later = NOW + timedelta(days=31)
    desk.ask(at=later)
    desk.ask(at=later, useful_until=later)
    desk.work(later)
    assert len(desk.states()) == 2


def test_how_late_notices_are_is_a_figure(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"))
    desk.ask()
    with desk.database.transaction() as tx:
        told = {name: value for name, _, value in tx.execute(BACKLOG.sql, {"now": NOW + A_MINUTE})}
    assert told["guestloop_due_notice_age_seconds"] == 60
