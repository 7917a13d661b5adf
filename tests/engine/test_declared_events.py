"""Every declared event is published by a command that runs here, and handled by whoever subscribes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from guestloop.composition.services import Group, world_of
from guestloop.simulation.history import PLAIN_MAPPING, read_history
from services.campaigns.clock import Rehearsals
from services.campaigns.commands.deeds import ask_others
from services.campaigns.commands.drafts import bring_templates
from services.campaigns.commands.launch import end
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.rules.advance import Advanced, Doing, Due
from services.campaigns.rules.enrolments import State
from services.campaigns.shipped import shipped
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update
from services.campaigns.steps.webhook import Webhook
from services.campaigns.store.journeys import documents_of
from services.console.commands.accounts import Member, invite
from services.console.commands.change_term import change_term
from services.console.commands.heartbeat import beat
from services.console.commands.sessions import begin, end_session
from services.console.commands.signing_in.links import ask_for_link
from services.console.commands.warnings.watch import publish_raised
from services.console.commands.webhooks import make_webhook
from services.console.rules.sessions import SignedInBy
from services.console.rules.warnings.control import Judged
from services.console.rules.warnings.outside import Outside
from services.console.store.accounts import everybody
from services.feedback.commands.inbox.answering import Draft, answer
from services.feedback.commands.inbox.recognising import recognise
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.commands.report_message import report_message
from services.feedback.commands.staff.tasks import tick_task
from services.feedback.consumer import SUBSCRIPTIONS as OF_FEEDBACK
from services.messaging.commands.clicks import follow_link, judge_visits
from services.messaging.commands.notices.channels import publish_channels
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.commands.offers.redeeming import Line, redeem
from services.messaging.commands.receipts import take_reports
from services.messaging.commands.refused_points import refuse_points
from services.messaging.commands.senders.counting import count_senders
from services.messaging.commands.senders.setting_up import delete, set_up
from services.messaging.commands.sending.results import note_restored
from services.messaging.commands.templates.own_tests import Written, send_to_self
from services.messaging.commands.templates.publish import publish_template
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS as OF_MESSAGING
from services.messaging.rehearsal_role import RehearsalRole
from services.messaging.rules.offers.codes import make_codes, shown
from services.messaging.rules.receipts import Report
from services.messaging.store.links import PublishedLink, keep_links
from services.messaging.store.offers import codes
from services.messaging.store.sending.sent_words import SentWords
from services.segments.clock import Forecasts
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.guests.files import request_file
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import reinstate
from services.segments.commands.sign_ups.forms import make_form, publish_form
from services.segments.commands.sign_ups.take import keep_sign_up
from services.segments.commands.told.events import tell_event
from services.segments.rules.reservations import StayKey
from services.segments.rules.sign_ups import Typed, Wording
from services.segments.service import SERVICE as SEGMENTS
from services.segments.store.sign_ups import SignUp
from services.segments.store.told.events import ToldEvent
from shared.access.audit import record
from shared.access.key_use import note_use
from shared.access.people import Person
from shared.access.scope import EVERYWHERE
from shared.bus.roles import Timed
from shared.bus.subscriptions import Subscription
from shared.clock import VirtualClock
from shared.crypto.short_links import ShortLinkSigner, numbered
from shared.database.pool import Database, Tx
from shared.events.campaigns import MessageRequested, TaskRequested
from shared.events.dictionary import all_types, chunk_of
from shared.events.told_outside import TOLD
from shared.events.wire import decode, encode
from shared.ids import make_id
from shared.personal_data.retention.run import Retention
from shared.personal_data.retention.spans import Span
from shared.telemetry.metrics import HANDLED_SUBJECTS
from shared.vocabulary.channel import Channel
from shared.vocabulary.offer import OfferKind, RedeemedBy
from shared.vocabulary.personal_data import Kept
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState
from shared.vocabulary.role import Role
from shared.vocabulary.sign_up import Box, SignUpState
from shared.vocabulary.signal import Signal
from tests.engine.conftest import NOW, Played
from tests.messaging.test_house_senders import sender

LATER = NOW + timedelta(hours=16)
ADA = Person(uuid4(), "Ada", Role.ADMINISTRATOR, frozenset())


@pytest.fixture(scope="module")
def group(played: Played) -> Group:
    """Two months of a small group, and after them what seldom happens."""
    made = played.again
    with closing(world_of(made, VirtualClock(played.reached))) as world:
        every = [*world.clocks, *rehearsing(made)]
        world.clocks = [(name, one) for name, one in every if one.name != "sender"]
        world.settle(LATER)  # messages are asked for, and nobody sends them
        for service, act in seldom(played.export):
            with made.database(service).transaction() as tx:
                act(tx)
            world.mark_changed(service)
        world.clocks = every
        world.settle(LATER + timedelta(seconds=1))
        with made.database("messaging").transaction() as tx:
            use_the_codes_of_offers(tx)
        world.mark_changed("messaging")
        world.settle(LATER + timedelta(seconds=2))
    return made


def seldom(export: Path) -> Iterator[tuple[str, Callable[[Tx], object]]]:
    """What people do now and then: the service, and the command as it is run."""
    yield "console", make_a_webhook  # first: it is told of what is published from here on
    yield "messaging", lambda tx: note_use(tx, uuid4(), 60, LATER)
    yield "messaging", refuse_an_address
    yield "messaging", tell_what_became_of_a_message
    yield "messaging", open_a_link
    yield "messaging", make_offers
    yield "messaging", set_up_a_number
    yield "feedback", report_a_complaint
    yield "feedback", hear_what_may_be_an_objection
    yield "feedback", hear_somebody_come_back
    yield "feedback", answer_a_guest
    yield "feedback", recognise_a_stranger
    yield "feedback", call_where_nobody_is_on_the_list
    yield "feedback", lambda tx: receive_reply(tx, Reply(ref="yes", channel=Channel.SMS, point="0", text="YES"), LATER)
    hello = Reply(ref="hello", channel=Channel.WHATSAPP, point="1", text="Good day")
    yield "feedback", lambda tx: receive_reply(tx, hello, LATER)
    yield (
        "console",
        lambda tx: invite(tx, "new@example.com", Member(name="Nia Neves", role=Role.ANALYST), "Ada", LATER),
    )
    yield "console", end_a_session
    yield "console", lambda tx: beat(tx, LATER)  # no virtual clock has one
    yield "console", raise_a_warning
    yield "messaging", lambda tx: publish_channels(tx, ["email"], LATER)
    yield "messaging", count_every_sender
    yield "messaging", try_a_template
    yield "messaging", show_a_block_to_a_segment
    yield "console", ask_for_a_new_password
    yield "console", lambda tx: record(tx, "Ada", "guest.viewed", "guest 1", None, LATER)
    yield "segments", change_a_stay(export)
    yield "segments", bring_a_booking_again(export)
    yield "segments", reinstate_a_stay
    yield "segments", tell_of_a_treatment
    yield "segments", merge_two_guests
    yield "segments", take_a_merge_apart
    yield "segments", sign_somebody_up
    yield "segments", ask_for_a_file
    yield "segments", count_what_is_over
    yield "console", lambda tx: change_term(tx, Kept.GUEST, "", Span(months=24), ADA, LATER)
    yield "campaigns", lambda tx: ask(tx, None, 30, [], LATER, "Ada")
    yield "campaigns", lambda tx: bring_templates(tx, "departure", shipped("departure"), LATER, "Ada")
    yield "campaigns", ask_staff_and_segments
    yield "feedback", close_a_task
    yield "campaigns", end_all
    yield "messaging", request(1, LATER)
    yield "messaging", lambda tx: note_restored(tx, LATER)
    yield "messaging", request(2, LATER + timedelta(seconds=1))
    yield "messaging", request(3, LATER + timedelta(seconds=1), "winter")
    yield "messaging", request(4, LATER + timedelta(seconds=1), "friends")
    yield "segments", forget_a_guest


def rehearsing(group: Group) -> list[tuple[str, Timed]]:
    """The roles that rehearse; no virtual clock has them by itself."""
    segments, campaigns, messaging = (group.database(name) for name in ("segments", "campaigns", "messaging"))
    return [
        ("segments", Forecasts(segments)),
        ("campaigns", Rehearsals(campaigns, most=2000)),
        ("messaging", RehearsalRole(messaging, Config())),
    ]


def make_a_webhook(tx: Tx) -> None:
    make_webhook(tx, "https://crm.example.com/told", sorted(TOLD), [], "Ada", LATER, plain_allowed=False)


def refuse_an_address(tx: Tx) -> None:
    """A provider says that there is no such user."""
    found = tx.execute(
        """
        update delivery set state = 'failed', reason = 'bad_address'
        where message_id = (select message_id from delivery where state = 'sent' and point is not null limit 1)
        returning message_id
        """
    ).fetchone()
    assert found is not None
    refuse_points(tx, [found[0]], LATER)


def tell_what_became_of_a_message(tx: Tx) -> None:
    """It reached the guest's mail server, which returns it later."""
    message = tx.execute(
        "select message_id from delivery where state = 'sent' and channel = 'email' limit 1"
    ).fetchone()
    assert message is not None
    for state, reason in ((ReceiptState.DELIVERED, None), (ReceiptState.BOUNCED, Reason.RETURNED)):
        said = Report(message_id=message[0], state=state, channel=Channel.EMAIL, happened_at=LATER, reason=reason)
        assert take_reports(tx, [said], LATER) == 1


def count_every_sender(tx: Tx) -> None:
    """Of all the days that are over, a month at once."""
    while count_senders(tx, LATER):
        pass


def set_up_a_number(tx: Tx) -> None:
    settings = {"account": "AC" + "0" * 32, "from": "+15005550006"}
    number = sender("number", channel="sms", kind="twilio", from_address="", settings=settings)
    set_up(tx, number, "token", by=ADA, at=LATER)
    delete(tx, number.sender_id, by=ADA, at=LATER)


def try_a_template(tx: Tx) -> None:
    words = SentWords("Casa", "A word", "Come and see us.", None)
    send_to_self(tx, "birthday", "Birthday", 0, [Written("en", Channel.EMAIL, words)], None, by=ADA, at=LATER)


def show_a_block_to_a_segment(tx: Tx) -> None:
    shown = {"text": {"text": "We miss you."}, "when": [{"of": "guest.segment", "is": "one_of", "to": ["lapsed"]}]}
    mail = {"subject": "A word", "body": ["Come and see us.", shown]}
    document = {"key": "word", "name": "A word", "purpose": "marketing", "locales": {"en": {"email": mail}}}
    publish_template(tx, document, at=LATER, by="Ada")


def open_a_link(tx: Tx) -> None:
    """As if its mail had one."""
    row = tx.execute(
        """
        select template, template_version, language, channel, message_id from delivery
        where state = 'sent' and channel = 'email' limit 1
        """
    ).fetchone()
    assert row is not None
    template, version, language, channel, message_id = row
    keep_links(tx, [PublishedLink(template, version, language, channel, 99, "https://hotel.example/", True)])
    token = numbered(ShortLinkSigner(tx.keyring).of_message(message_id), 99)
    browser, opened_at = {"User-Agent": "Mozilla/5.0"}, LATER - timedelta(minutes=5)
    assert follow_link(tx, token, method="GET", headers=browser, address="198.51.100.7", at=opened_at)
    assert judge_visits(tx, LATER, 10) == 1


def hear_what_may_be_an_objection(tx: Tx) -> None:
    hear(tx, "may be an objection", "I don't want this any more")


def hear_somebody_come_back(tx: Tx) -> None:
    hear(tx, "an objection", "STOP")
    hear(tx, "back again", "START")


def call_where_nobody_is_on_the_list(tx: Tx) -> None:
    tx.execute("delete from duty_member")
    hear(tx, "a stranger", "ambulance to room 5 please")


def answer_a_guest(tx: Tx) -> None:
    hear(tx, "a question", "Is there a gym in the house?")
    unread = "select thread_id, guest_id from thread where unread and guest_id is not null limit 1"
    found = tx.execute(unread).fetchone()
    assert found is not None
    draft = Draft(
        answer_id=make_id("message", "an answer"),
        thread_id=found[0],
        guest_id=found[1],
        guests=[found[1]],
        hotels=EVERYWHERE.values,
        channel=Channel.SMS,
        language="en",
        words="Yes, on the roof.",
        seen=LATER,
    )
    assert answer(tx, draft, LATER, by=ADA)


def recognise_a_stranger(tx: Tx) -> None:
    reply = Reply(ref="by a stranger", channel=Channel.SMS, point="nobody's", text="Is there a gym?", sender="+1")
    receive_reply(tx, reply, LATER)
    found = tx.execute("select thread_id, version from thread where point = 'nobody''s'").fetchone()
    guest = tx.execute("select guest_id from guest_known where not gone order by guest_id limit 1").fetchone()
    assert found is not None and guest is not None
    recognise(tx, found[0], found[1], guest[0], LATER, by="Ada")


def hear(tx: Tx, ref: str, text: str) -> None:
    point = tx.execute("select numbers[1] from guest_known where numbers <> '{}' order by guest_id limit 1").fetchone()
    assert point is not None
    receive_reply(tx, Reply(ref=ref, channel=Channel.SMS, point=point[0], text=text), LATER)


def report_a_complaint(tx: Tx) -> None:
    message = tx.execute("select message_id from message_known where channel = 'email' limit 1").fetchone()
    assert message is not None
    report_message(tx, "mail", message[0], "complained", at=LATER)


def end_a_session(tx: Tx) -> None:
    hours = timedelta(hours=12)
    account = everybody(tx)[0]
    begun = begin(tx, uuid4(), account, SignedInBy.PASSWORD, LATER, lasts=hours, user_agent="", address="")
    end_session(tx, begun.person_id, begun.session_id, "Ada", LATER)


def raise_a_warning(tx: Tx) -> None:
    outside = Judged(0.41, 0.98, 0.8, is_outside=True)
    publish_raised(tx, [Outside(Signal.NIGHTS, "LIS", outside, 410, 1000)], LATER.date(), LATER)


def ask_for_a_new_password(tx: Tx) -> None:
    """Once console has heard that mail leaves."""
    tx.execute("insert into sender_known values ('email', 0, true)")
    ask_for_link(tx, "new@example.com", "198.51.100.7", LATER, lambda _: True)


def change_a_stay(export: Path) -> Callable[[Tx], object]:
    history = read_history(export, PLAIN_MAPPING)

    def change(tx: Tx) -> None:
        found = tx.execute("select reservation from stay where status = 'booked' order by reservation").fetchone()
        assert found is not None
        row = next(one for one in history.reservations if one.reservation == found[0])
        book(tx, [replace(row, departure=row.departure + timedelta(days=1), status_date=NOW.date())], LATER)

    return change


def bring_a_booking_again(export: Path) -> Callable[[Tx], object]:
    history = read_history(export, PLAIN_MAPPING)
    return lambda tx: book(tx, history.reservations[:1], LATER) and book(tx, history.reservations[:1], LATER)


def reinstate_a_stay(tx: Tx) -> None:
    found = tx.execute("select source, property, reservation from stay where status = 'cancelled' limit 1").fetchone()
    assert found is not None
    assert reinstate(tx, [StayKey(*found)], LATER).moved == 1


def tell_of_a_treatment(tx: Tx) -> None:
    found = tx.execute("select guest_id, id, property from stay order by id limit 1").fetchone()
    assert found is not None
    assert tell_event(tx, ToldEvent(found[2], "T-1", "spa.booked", None, found[1], {"minutes": 50}, LATER), ADA, LATER)


def merge_two_guests(tx: Tx) -> None:
    (first,), (second,) = tx.execute(
        "select id from guest where merged_into is null and birth_date is null order by id limit 2"
    ).fetchall()
    merge_guests(tx, first, second, "Ada", LATER)


def take_a_merge_apart(tx: Tx) -> None:
    found = tx.execute("select guest_id from guest_merge where undone_at is null").fetchone()
    assert found is not None
    unmerge_guest(tx, found[0], "Ada", LATER)


def sign_somebody_up(tx: Tx) -> None:
    """By the page; its role takes it over."""
    words = {"title": "Stay in touch", str(Box.EMAIL_MARKETING): "Yes, by e-mail."}
    make_form(tx, "lisboa", "Front desk", "LIS", Wording((Box.EMAIL_MARKETING,), False, {"en": words}), ADA, LATER)
    publish_form(tx, "lisboa", ADA, LATER)
    signed = SignUp(
        id=uuid4(),
        form="lisboa",
        form_version=1,
        property="LIS",
        page="join",
        language="en",
        boxes=(Box.EMAIL_MARKETING,),
        typed=Typed("Nia", "Neves", email="nia@example.com"),
        network="",
        said_at=LATER,
        state=SignUpState.WAITING,
        guest_id=None,
        differs=(),
    )
    assert keep_sign_up(tx, signed)


def ask_for_a_file(tx: Tx) -> None:
    found = tx.execute("select id from guest where merged_into is null order by id desc limit 1").fetchone()
    assert found is not None
    request_file(tx, found[0], ADA, LATER)


def count_what_is_over(tx: Tx) -> None:
    """The role itself is there on the machine's clock only."""
    role = Retention(Database("", service=tx.service, keyring=tx.keyring), SEGMENTS.subjects)
    assert role.count_one(tx, LATER)


def forget_a_guest(tx: Tx) -> None:
    found = tx.execute("select id from guest where merged_into is null order by id limit 1").fetchone()
    assert found is not None
    erase_guest(tx, found[0], "Ada", LATER, lambda _: None)


def ask_staff_and_segments(tx: Tx) -> None:
    """As a step of a journey does, for somebody who is in one."""
    query = (
        "select id, guest_id, journey, version, property from enrolment where property is not null order by id limit 1"
    )
    (found,) = tx.execute(query).fetchall()
    id_, guest, journey, version, hotel = found
    task = Task("call", "Call the guest", "front_desk", timedelta(days=1))
    due = Due(id_, journey, version, guest, "entry:1", 1, "call", LATER, LATER, "UTC", hotel, None, {}, None)
    updates = (Update("tag", "spa"), Update("tier", None, tier="gold"))
    doing = tuple(Doing(step, LATER) for step in (task, *updates, Webhook("tell", "welcome-gift")))
    moved = Advanced(State.DONE, "call", None, None, (), doing=doing)
    ask_others(tx, [(due, moved)], documents_of(tx, [(journey, version)]), LATER)


def close_a_task(tx: Tx) -> None:
    guest = tx.execute("select guest_id from guest_known where not gone order by guest_id limit 1").fetchone()
    assert guest is not None
    task_id = make_id("task", "another")
    names = {"journey": "birthday", "journey_name": "Birthday", "step": "call", "title": "Call", "department": "spa"}
    asked = TaskRequested(
        task_id=task_id,
        version=1,
        guest_id=guest[0],
        stay_id=None,
        property="LIS",
        due_at=LATER,
        requested_at=LATER,
        **names,
    )
    handle(tx, OF_FEEDBACK, [asked])
    assert tick_task(tx, task_id, LATER, by="Ada")


def end_all(tx: Tx) -> None:
    for key in ("birthday", "post-stay-survey", "win-back"):
        end(tx, key, at=LATER)


def make_offers(tx: Tx) -> None:
    """One by a code of each guest's own, one for their friends; a template makes each."""
    for kind, name in ((OfferKind.UNIQUE, "Winter"), (OfferKind.REFERRAL, "Friends")):
        worth = {"kind": "percent", "number": "15"}
        document = {"name": {"en": name}, "terms": {"en": "Once."}, "worth": worth}
        key = start_offer(tx, kind, document, by=ADA, at=LATER)
        go_live(tx, key, by=ADA, at=LATER)
        mail = {"subject": "For you", "body": ["{{ offer.code }}"]}
        text = {"key": key, "name": name, "purpose": "stay_service", "offer": key, "locales": {"en": {"email": mail}}}
        publish_template(tx, text, at=LATER, by="Ada")
    codes.add(tx, "winter", [(code, shown(code)) for code in make_codes(60)])


def use_the_codes_of_offers(tx: Tx) -> None:
    given = tx.execute("select distinct on (offer) offer, code from offer_taken order by offer").fetchall()
    assert [offer for offer, _ in given] == ["friends", "winter"]
    lines = [Line(redemption_id=make_id("use", code), code=code, hotel="LIS", on=LATER.date()) for _, code in given]
    answers = redeem(tx, lines, RedeemedBy.DESK, by="Ada", at=LATER)
    assert [one.refusal for one in answers] == [None, None]


def request(number: int, at: datetime, template: str = "birthday") -> Callable[[Tx], None]:
    """A message to everybody, as a journey asks for it; its text lacks the way out, so that it cannot be written."""

    def ask(tx: Tx) -> None:
        guests = tx.execute("select guest_id from recipient where gone is null order by guest_id limit 50").fetchall()
        handle(tx, OF_MESSAGING, [requested(number, guest_id, at, template) for (guest_id,) in guests])

    return ask


def requested(number: int, guest_id: UUID, at: datetime, template: str) -> MessageRequested:
    return MessageRequested(
        message_id=make_id("message", number, guest_id),
        version=1,
        guest_id=guest_id,
        journey="pre-arrival",
        journey_version=1,
        step="send",
        occurrence=f"entry:{number}",
        plan=1,
        channels=[Channel.EMAIL],
        purpose=Purpose.STAY_SERVICE,
        priority=100,
        template=template,
        property="LIS",
        stay_id=None,
        zone="Europe/Lisbon",
        due_at=at,
        local_time=None,
        useful_until=at + timedelta(days=1),
        wants=[],
        holdout=0,
        values={},
        requested_at=at,
    )


def handle(tx: Tx, subscriptions: Iterable[Subscription], subjects: Sequence[Any]) -> None:
    """The subjects, through the wire, by whichever subscription handles their type."""
    chunk = chunk_of(subjects)
    (handler,) = (one.handlers[chunk.type.name] for one in subscriptions if chunk.type.name in one.handlers)
    handler(tx, decode(chunk.type.name, encode(chunk)), LATER)


def test_every_declared_event_is_published_and_handled(group: Group) -> None:
    samples = (sample for metric in HANDLED_SUBJECTS.collect() for sample in metric.samples)
    handled = {(one.labels["service"], one.labels["type"]) for one in samples if "type" in one.labels and one.value}
    declared = {
        (name, kind)
        for name, service in group.services.items()
        for one in service.subscriptions
        for kind in one.handlers
    }
    assert {kind for _, kind in declared} == {kind.name for kind in all_types()}
    assert declared - handled == set()
