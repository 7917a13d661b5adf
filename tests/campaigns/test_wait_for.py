"""A step that waits for a happening: not lost, not twice, whatever comes first, and over at its time-out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import permutations
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands import fire
from services.campaigns.commands.launch import launch, pause, resume
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import parse, validated
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.messaging import (
    MessageBounced,
    MessageClicked,
    MessageComplained,
    MessageDelivered,
    PublishedReceipt,
)
from shared.events.segments.guests import GuestMerged
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, complaint, instant, stay, stay_id, survey_answered
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.loopback import PATIENCE

ENTRY = "2016-03-02 06:00"
DAY_2 = "2016-03-04 06:00"  # the time-out, to the minute
ANSWER = "{event: survey.answered, within: {days: 2}, then: thanks, else: reminder}"
GOLD = "{audience: gold, when: entered, within: {days: 2}, then: thanks, else: reminder}"
NO_GOLD = "{audience: gold, when: left, within: {days: 2}, then: thanks, else: reminder}"
JOURNEY = """
key: welcome
name: Welcome
purpose: marketing
entry: {ENTRY}
exits: [{event: case.opened}]
steps:
  - key: listen
    wait_for: {WAIT}
  - key: reminder
    send: {template: reminder, channels: [email], useful_for: {days: 30}}
  - key: stop
    exit: {reason: reminded}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 30}}
"""
BY_SEGMENT, BY_STAY = "{audience: first-stay}", "{stay: checked_out}"


def waiting_for(make_database: MakeDatabase, wait: str, entry: str = BY_SEGMENT) -> Campaigns:
    campaigns = Campaigns(make_database("campaigns"))
    text = JOURNEY.replace("{WAIT}", wait).replace("{ENTRY}", entry)
    with campaigns.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "welcome", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    return campaigns


def entered(guest: UUID = ANA, at: str = ENTRY, version: int = 1) -> Chunk:
    return audience(guest, version, True, at, segment="first-stay")


def gold(version: int, inside: bool, at: str, **more: bool) -> Chunk:
    return audience(ANA, version, inside, at, segment="gold", **more)  # type: ignore[arg-type]


def answered(at: str, guest: UUID = ANA, of: str | None = None) -> Chunk:
    event = survey_answered(at, guest, at=at, guest=guest, stay_id=stay_id(of) if of else None)
    return off_the_wire(chunk_of([event]))


def asked(campaigns: Campaigns) -> list[tuple[str, str]]:
    campaigns.run("2017-12-31 00:00")
    return [(message["step"], str(message["due_at"])[:16]) for message in campaigns.requested()]


THANKED, REMINDED = "thanks", [("reminder", "2016-03-04T06:00")]


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2016-03-02 05:59", REMINDED),  # before the step was reached
        ("2016-03-02 06:00", REMINDED),  # at the very instant: no later than it
        ("2016-03-02 06:01", [(THANKED, "2016-03-02T06:01")]),
        ("2016-03-04 06:00", [(THANKED, "2016-03-04T06:00")]),  # at the time-out
        ("2016-03-04 06:01", REMINDED),
    ],
)
@pytest.mark.parametrize("order", ["event first", "step first", "late clock"])
def test_an_event_counts_between_the_step_and_its_time_out(
    make_database: MakeDatabase, at: str, outcome: list[tuple[str, str]], order: str
) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    if order == "event first":
        campaigns.hear(answered(at), "2016-03-04 06:01")
        campaigns.hear(entered(), "2016-03-04 06:01")
    else:
        campaigns.hear(entered())
        if order == "step first":
            assert campaigns.tick(ENTRY) == 1
        campaigns.hear(answered(at), "2016-03-04 06:01")
    assert asked(campaigns) == outcome


def test_without_a_happening_the_time_out_leads_its_own_way(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    assert campaigns.next_due() == instant(DAY_2)
    assert campaigns.tick("2016-03-04 05:59") == 0
    assert asked(campaigns) == REMINDED


def test_an_event_that_comes_after_the_time_out_ran_is_too_late(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.run(DAY_2)
    campaigns.hear(answered("2016-03-03 12:00"), "2016-03-04 06:05")
    assert asked(campaigns) == REMINDED


def test_an_event_that_comes_again_counts_once(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    for at in ("2016-03-03 12:00", "2016-03-03 12:00", "2016-03-03 09:00"):
        campaigns.hear(answered(at), "2016-03-03 12:00")
    assert asked(campaigns) == [(THANKED, "2016-03-03T09:00")]
    campaigns.hear(answered("2016-03-03 12:00"))
    assert len(asked(campaigns)) == 1


def test_the_first_of_two_events_counts_though_the_clock_was_late(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    for at in ("2016-03-08 12:00", "2016-03-03 12:00"):
        campaigns.hear(answered(at), "2016-03-08 12:00")
    campaigns.tick("2016-03-08 12:00")
    assert asked(campaigns) == [(THANKED, "2016-03-03T12:00")]


def test_in_whatever_order_equal_inputs_are_handled_the_outcome_is_the_same(make_database: MakeDatabase) -> None:
    """Each guest gets the same inputs in another order, the clock running between them or not."""
    campaigns = waiting_for(make_database, ANSWER)
    now = "2016-03-04 05:00"
    orders = [(order, ticks) for order in permutations(range(4)) for ticks in (False, True)]
    for order, ticks in orders:
        guest = make_id("guest", "order", *order, ticks)
        inputs = [
            entered(guest),
            answered("2016-03-02 03:00", guest),
            answered("2016-03-03 12:00", guest),
            answered("2016-03-04 04:00", BEN),
        ]
        for place in (*order, order[0]):
            campaigns.hear(inputs[place], now)
            if ticks:
                campaigns.tick(now)
    assert set(asked(campaigns)) == {(THANKED, "2016-03-03T12:00")}
    assert len(campaigns.requested()) == len(orders)


@pytest.mark.parametrize(
    ("history", "outcome"),
    [
        ([gold(1, True, "2016-03-01 06:00")], [(THANKED, "2016-03-02T06:00")]),  # inside already
        ([gold(1, True, "2016-03-01 06:00", initial=True)], [(THANKED, "2016-03-02T06:00")]),
        ([gold(1, True, "2016-03-01 06:00"), gold(2, False, "2016-03-01 07:00")], REMINDED),
        ([gold(1, True, "2016-03-03 07:00")], [(THANKED, "2016-03-03T07:00")]),
        ([gold(1, True, "2016-03-05 07:00")], REMINDED),
        ([gold(1, True, "2016-03-03 07:00"), gold(2, False, "2016-03-03 08:00")], [(THANKED, "2016-03-03T07:00")]),
    ],
)
@pytest.mark.parametrize("segment_first", [True, False])
def test_a_guest_who_is_inside_or_enters_a_segment_goes_on(
    make_database: MakeDatabase, history: list[Chunk], outcome: list[tuple[str, str]], segment_first: bool
) -> None:
    campaigns = waiting_for(make_database, GOLD)
    chunks = [*history, entered()] if segment_first else [entered(), *history[::-1]]
    for chunk in chunks:
        campaigns.hear(chunk, "2016-03-05 08:00")
    assert asked(campaigns) == outcome


def test_a_guest_known_late_to_be_inside_goes_on_at_once(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, GOLD)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(gold(1, True, "2016-03-01 06:00", initial=True), "2016-03-02 06:10")
    assert asked(campaigns) == [(THANKED, "2016-03-02T06:00")]


@pytest.mark.parametrize(
    ("left", "outcome"), [("2016-03-03 07:00", [(THANKED, "2016-03-03T07:00")]), ("2016-03-01 07:00", REMINDED)]
)
def test_leaving_a_segment_counts_after_the_step_was_reached(
    make_database: MakeDatabase, left: str, outcome: list[tuple[str, str]]
) -> None:
    campaigns = waiting_for(make_database, NO_GOLD)
    campaigns.hear(gold(1, True, "2016-03-01 06:00"))
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(gold(2, False, left), "2016-03-03 07:00")
    assert asked(campaigns) == outcome


def test_state_that_is_republished_is_no_happening(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, GOLD)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(gold(1, True, "2016-03-03 06:00", republished=True))
    assert asked(campaigns) == REMINDED


def test_an_exit_interrupts_the_wait_at_once(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(complaint("2016-03-03 06:00"))
    assert campaigns.next_due() is None
    campaigns.hear(answered("2016-03-03 07:00"))
    assert asked(campaigns) == []


def test_a_guest_merged_away_waits_no_more(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    merged = GuestMerged(guest_id=ANA, version=9, into_guest_id=BEN, occurred_at=instant("2016-03-03 06:00"))
    campaigns.hear(off_the_wire(chunk_of([merged])))
    for guest in (ANA, BEN):
        campaigns.hear(answered("2016-03-03 07:00", guest))
    assert asked(campaigns) == []


def test_what_happens_to_another_guest_does_not_count(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(answered("2016-03-03 07:00", BEN))
    assert asked(campaigns) == REMINDED


@pytest.mark.parametrize(("of", "step"), [("R1", "thanks"), (None, "thanks"), ("R2", "reminder")])
def test_in_a_journey_by_a_stay_another_stay_does_not_count(
    make_database: MakeDatabase, of: str | None, step: str
) -> None:
    campaigns = waiting_for(make_database, ANSWER, BY_STAY)
    campaigns.hear(stay("checked_out", 2, at=ENTRY))
    campaigns.tick(ENTRY)
    campaigns.hear(answered("2016-03-03 07:00", of=of))
    assert [name for name, _ in asked(campaigns)] == [step]


def test_a_new_booking_counts_though_it_is_another_stay(make_database: MakeDatabase) -> None:
    wait = "{event: stay.booked, within: {days: 2}, then: thanks, else: reminder}"
    campaigns = waiting_for(make_database, wait, BY_STAY)
    campaigns.hear(stay("checked_out", 2, at=ENTRY))
    campaigns.tick(ENTRY)
    campaigns.hear(stay("booked", 1, at="2016-03-03 07:00", reservation="R2"))
    assert asked(campaigns) == [(THANKED, "2016-03-03T07:00")]


def test_a_pause_loses_no_happening(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    with campaigns.database.transaction() as tx:
        pause(tx, "welcome", at=instant("2016-03-02 07:00"))
    campaigns.hear(answered("2016-03-03 07:00"))
    with campaigns.database.transaction() as tx:
        resume(tx, "welcome", at=instant("2016-03-09 07:00"))
    campaigns.tick("2016-03-09 07:00")
    assert asked(campaigns) == [(THANKED, "2016-03-03T07:00")]


def test_a_version_that_waits_is_woken_though_a_newer_one_does_not(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    newer = parse(JOURNEY.replace("{WAIT}", GOLD).replace("{ENTRY}", BY_SEGMENT))
    with campaigns.database.transaction() as tx:
        version = publish(tx, newer, instant(ENTRY), "marketer")
        launch(tx, "welcome", at=instant(ENTRY), by="marketer", version=version)
    campaigns.hear(answered("2016-03-03 07:00"))
    assert asked(campaigns) == [(THANKED, "2016-03-03T07:00")]


def test_a_handler_that_dies_half_way_is_as_if_it_never_began(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    chunk = answered("2016-03-03 07:00")
    with pytest.raises(RuntimeError), campaigns.database.transaction() as tx:
        for handler in campaigns.handlers(chunk.type.name):
            handler(tx, chunk, instant("2016-03-03 07:00"))
        raise RuntimeError("the process dies")
    assert campaigns.next_due() == instant(DAY_2)
    campaigns.hear(chunk)  # delivered again
    assert asked(campaigns) == [(THANKED, "2016-03-03T07:00")]


@pytest.mark.parametrize("tick_at", [ENTRY, DAY_2])
def test_an_event_waits_for_the_timer_that_is_firing_and_is_not_lost(make_database: MakeDatabase, tick_at: str) -> None:
    """While the step is being reached the event counts; while the time-out runs it is too late: one way, never both."""
    campaigns = waiting_for(make_database, ANSWER)
    campaigns.hear(entered())
    if tick_at == DAY_2:
        campaigns.tick(ENTRY)
    claimed, handled = Event(), Event()

    def fire_slowly() -> None:
        with campaigns.database.transaction() as tx:
            fire.fire(tx, instant(tick_at), 10)
            claimed.set()
            handled.wait(0.3)

    def handle() -> None:
        claimed.wait()
        campaigns.hear(answered("2016-03-03 07:00"), "2016-03-04 06:00")
        handled.set()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(fire_slowly), pool.submit(handle)]:
            future.result(timeout=PATIENCE)
    if tick_at == ENTRY:
        assert campaigns.next_due() == instant("2016-03-03 07:00"), "it is due at once, not at its time-out"
    assert asked(campaigns) == ([(THANKED, "2016-03-03T07:00")] if tick_at == ENTRY else REMINDED)


def test_two_waits_in_a_row_each_count_from_where_they_were_reached(make_database: MakeDatabase) -> None:
    text = JOURNEY.replace("{ENTRY}", BY_SEGMENT).replace("{WAIT}", ANSWER.replace("then: thanks", "then: again"))
    again = "  - key: again\n    wait_for: {event: survey.answered, within: {hours: 3}, then: thanks, else: end}\n"
    text = text.replace("  - key: thanks", again + "  - key: end\n    exit: {reason: quiet}\n  - key: thanks")
    campaigns = Campaigns(make_database("campaigns"))
    with campaigns.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "welcome", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    for guest, second in ((ANA, "2016-03-03 09:00"), (BEN, "2016-03-03 12:00")):
        campaigns.hear(entered(guest))
        campaigns.tick(ENTRY)
        campaigns.hear(answered("2016-03-03 07:00", guest))
        campaigns.hear(answered(second, guest))
    assert asked(campaigns) == [(THANKED, "2016-03-03T09:00")]


def test_a_chunk_wakes_its_guests_by_index_and_keeps_nothing_too_long(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER)
    guests = [make_id("guest", "many", number) for number in range(50)]
    entries, answers = [entered(guest) for guest in guests], [answered("2016-03-03 07:00", guest) for guest in guests]
    for chunks, at in ((entries, ENTRY), (answers, "2016-03-03 07:00")):
        whole = chunks[0]
        for one in chunks[1:]:
            whole = whole.join(one)
        campaigns.hear(whole, at)
        campaigns.tick(at)
    assert len(campaigns.requested()) == 50
    later = instant("2016-03-03 07:00") + timedelta(days=401)
    campaigns.hear(answered(f"{later:%Y-%m-%d %H:%M}", guests[0]))
    with campaigns.database.transaction() as tx:
        kept = tx.execute("select count(*) from awaited_happening where guest_id = %s", [guests[0]]).fetchone()
        tx.execute("set local enable_seqscan = off")
        plan = tx.execute(
            "explain select from enrolment where awaits = 'survey.answered' and guest_id = %s", [guests[0]]
        ).fetchall()
    assert kept == (1,)
    assert "enrolment_awaits" in str(plan)


@pytest.mark.parametrize(
    ("wait", "pointer"),
    [
        ("{event: survey.answered, within: {}}", "/steps/0/wait_for/within"),
        ("{event: survey.answered, within: {days: 365, minutes: 1}}", "/steps/0/wait_for/within"),
        ("{event: moon.full, within: {days: 1}}", "/steps/0/wait_for/event"),
        ("{within: {days: 1}}", "/steps/0/wait_for"),
        ("{event: survey.answered, audience: gold, within: {days: 1}}", "/steps/0/wait_for"),
        ("{event: survey.answered, within: {days: 1}, then: listen}", "/steps/0/wait_for/then"),
        ("{event: survey.answered, within: {days: 1}, else: nowhere}", "/steps/0/wait_for/else"),
    ],
)
def test_what_cannot_be_waited_for_is_said_at_its_place(wait: str, pointer: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(JOURNEY.replace("{WAIT}", wait).replace("{ENTRY}", BY_SEGMENT))
    assert pointer in raised.value.problems, raised.value.problems


def test_what_is_left_out_is_filled_in() -> None:
    document = parse(JOURNEY.replace("{WAIT}", "{audience: gold, within: {hours: 36}}").replace("{ENTRY}", BY_SEGMENT))
    assert document["steps"][0]["wait_for"] == {
        "audience": "gold",
        "when": "entered",
        "within": {"days": 0, "hours": 36, "minutes": 0},
        "then": None,
        "else": None,
    }
    assert validated(document) == document


def receipt(kind: type[PublishedReceipt], at: str) -> Chunk:
    return off_the_wire(chunk_of([kind(**message(at), reason=None)]))


def message(at: str, guest: UUID = ANA) -> dict[str, Any]:
    """What is said of a message with each thing that became of it."""
    return {
        "message_id": make_id("message", at, guest),
        "version": 1,
        "guest_id": guest,
        "journey": "birthday",
        "journey_version": 1,
        "step": "send",
        "occurrence": "birthday:2016",
        "purpose": "marketing",
        "property": None,
        "stay_id": None,
        "channel": "email",
        "occurred_at": instant(at),
    }


@pytest.mark.parametrize("kind", [MessageDelivered, MessageBounced, MessageComplained])
def test_what_becomes_of_a_message_is_waited_for(make_database: MakeDatabase, kind: type[PublishedReceipt]) -> None:
    event = kind.__name__.removeprefix("Message").lower()
    campaigns = waiting_for(make_database, ANSWER.replace("survey.answered", f"message.{event}"))
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(receipt(kind, "2016-03-03 12:00"))
    assert asked(campaigns) == [(THANKED, "2016-03-03T12:00")]


def test_a_click_is_waited_for(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, ANSWER.replace("survey.answered", "message.clicked"))
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    opened = MessageClicked(**message("2016-03-03 12:00"), link=1, target="https://hotel.example/spa")
    campaigns.hear(off_the_wire(chunk_of([opened])))
    assert asked(campaigns) == [(THANKED, "2016-03-03T12:00")]


def test_a_complaint_about_a_message_ends_a_journey_that_says_so(make_database: MakeDatabase) -> None:
    campaigns = Campaigns(make_database("campaigns"))
    text = JOURNEY.replace("{WAIT}", ANSWER).replace("{ENTRY}", BY_SEGMENT)
    text = text.replace("case.opened", "message.complained")
    with campaigns.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "welcome", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    campaigns.hear(entered())
    campaigns.tick(ENTRY)
    campaigns.hear(receipt(MessageComplained, "2016-03-03 12:00"))
    assert asked(campaigns) == []
