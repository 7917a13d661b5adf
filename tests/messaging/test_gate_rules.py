"""The gate as a pure function: each reason by itself, and of any two the one that is asked first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from services.messaging.channels.registry import RULES
from services.messaging.rules.facts import (
    REFUSED,
    Consent,
    Contact,
    Guest,
    Point,
    Property,
    Reached,
    Request,
    Stay,
    World,
)
from services.messaging.rules.gate import Verdict, judge
from services.messaging.rules.tally import Tally
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import GATE, Reason
from shared.vocabulary.right import Right
from tests.cast import ANA, BEN
from tests.messaging.test_gate_hours import at, request, world

NOON, NIGHT = at("2016-06-06T12:00+01:00"), at("2016-06-06T03:00+01:00")
STAY = make_id("stay", "LIS-000001")
LISBON = Property(code="LIS", zone="Europe/Lisbon", country="PT", heard_at=NOON, told_of_survey=True)
WELCOME = Guest(
    guest_id=ANA,
    country="PT",
    home_zone="Europe/Lisbon",
    birth_date=date(1980, 5, 1),
    points=(Point("email", "ana", "sealed", "personal"),),
    consents={("email", "marketing"): Consent("express")},
)


@dataclass
class Case:
    """What the gate is asked with; nothing speaks against it, until something is laid upon it."""

    request: Request = field(
        default_factory=lambda: replace(
            request(NOON),
            channels=["email"],
            occurrence="birthday:2016",
            wants=["no_future_booking", "absence", "once_a_household"],
        )
    )
    guest: Guest = WELCOME
    world: World = field(
        default_factory=lambda: world(properties={"LIS": LISBON}, may_send={("email", "*", "*"): True})
    )
    contacts: list[Contact] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    before: list[Request] = field(default_factory=list)
    now: datetime = NOON

    def verdict(self) -> Verdict:
        tally = Tally(self.contacts, self.reached, most=2, within=timedelta(days=30))
        for one in self.before:
            tally.note(one, self.guest, WELCOME.points[0], self.now)
        return judge(self.request, self.guest, self.world, tally, self.now)

    def of_request(self, **more: Any) -> None:
        self.request = replace(self.request, **more)

    def of_guest(self, **more: Any) -> None:
        self.guest = replace(self.guest, **more)

    def of_world(self, **more: Any) -> None:
        self.world = replace(self.world, **more)

    def stays(self, status: str, *, muted: bool = False) -> None:
        one = Stay(
            make_id("stay", status) if not muted else STAY, "LIS", "Europe/Lisbon", "LIS-000001", status,
            date(2016, 6, 1), date(2016, 6, 9), None, None, muted,
        )  # fmt: skip
        self.of_guest(stays=(*self.guest.stays, one))


def muted(case: Case) -> None:
    case.stays("cancelled", muted=True)
    case.of_request(stay_id=STAY)


def masked(case: Case) -> None:
    case.of_guest(points=(replace(WELCOME.points[0], kind="masked"),))


def at_night(case: Case) -> None:
    case.now = NIGHT
    case.of_world(properties={"LIS": replace(case.world.properties["LIS"])})


def no_consent(case: Case) -> None:
    case.of_guest(consents={key: one for key, one in case.guest.consents.items() if key[1] != "marketing"})


def for_everyone_only(case: Case) -> None:
    case.of_guest(consents={**case.guest.consents, ("email", "profiling"): Consent("withdrawn")})


def capped(case: Case) -> None:
    case.contacts += [Contact("guest", str(ANA), NOON - timedelta(days=day)) for day in (1, 2)]


def once_a_month(case: Case) -> None:
    case.of_guest(once_a_month=True)
    case.contacts.append(Contact("guest", str(ANA), NOON - timedelta(days=29)))


def window_closed(case: Case) -> None:
    """As if e-mail had one: the gate knows no channel by name."""
    rules = {**RULES, "email": replace(RULES["email"], window=timedelta(hours=24))}
    wrote = {("email", "ana"): NOON - timedelta(days=2)}
    case.of_world(channels=rules, needs_window=lambda *_: True, wrote_at=wrote)


BURDENS: dict[Reason, Callable[[Case], object]] = {
    Reason.DO_NOT_CONTACT: lambda case: case.of_guest(do_not_contact="asked"),
    Reason.MUTED: muted,
    Reason.ERASED: lambda case: case.of_guest(gone="erased"),
    Reason.RESTRICTED: lambda case: case.of_guest(rights=case.guest.rights | {Right.RESTRICTED}),
    Reason.OBJECTED: lambda case: case.of_guest(rights=case.guest.rights | {Right.OBJECTS_TO_MARKETING}),
    Reason.NO_CONTACT_POINT: lambda case: case.of_guest(points=()),
    Reason.MASKED_ADDRESS: masked,
    Reason.REFUSED_POINT: lambda case: case.of_guest(points=(replace(WELCOME.points[0], kind=REFUSED),)),
    Reason.SUPPRESSED: lambda case: case.of_world(suppressed=frozenset({("email", "ana", "all")})),
    Reason.MAILBOX_FULL_AGAIN: lambda case: case.of_world(resting=frozenset({"ana"})),
    Reason.NO_SENDER_FOR_COUNTRY: lambda case: case.of_world(may_send={}),
    Reason.NO_CONSENT: no_consent,
    Reason.FOR_EVERYONE_ONLY: for_everyone_only,
    Reason.GUEST_PAUSED: lambda case: case.of_guest(paused_until=NOON + timedelta(days=1)),
    Reason.MINOR: lambda case: case.of_guest(birth_date=date(2010, 1, 1)),
    Reason.PLACEHOLDER_DATE: lambda case: case.of_guest(birth_date=date(1900, 1, 1)),
    Reason.OPEN_COMPLAINT: lambda case: case.of_guest(complaints=(NOON - timedelta(days=1),)),
    Reason.IN_HOUSE: lambda case: case.stays("checked_in"),
    Reason.FUTURE_BOOKING: lambda case: case.stays("booked"),
    Reason.MISSING_VALUE: lambda case: case.of_world(lacks=lambda *_: True),
    Reason.WINDOW_CLOSED: window_closed,
    Reason.HOUSEHOLD: lambda case: case.reached.append(Reached("win-back", "ana", BEN, NOON - timedelta(hours=12))),
    Reason.PRIORITY: lambda case: case.before.append(replace(case.request, journey="birthday")),
    Reason.FREQUENCY_CAP: capped,
    Reason.ONCE_A_MONTH: once_a_month,
    Reason.HOLDOUT: lambda case: case.of_request(holdout=100),
    Reason.OBJECTION_UNREAD: lambda case: case.of_guest(objection_unread=True),
    Reason.STOPPED: lambda case: case.of_world(stops=frozenset({("all", "")})),
    Reason.STALE_DATA: lambda case: case.of_world(properties={"LIS": replace(LISBON, heard_at=None)}),
    Reason.QUIET_HOURS: at_night,
}
OF_SURVEYS = {Reason.NO_BASIS, Reason.SAME_TRIP}
"""The two that only a question about a stay can meet."""
ONE_FIELD = {
    *map(frozenset, combinations((Reason.NO_CONTACT_POINT, Reason.MASKED_ADDRESS, Reason.REFUSED_POINT), 2)),
    frozenset({Reason.MINOR, Reason.PLACEHOLDER_DATE}),
}
"""Pairs of which a guest has one or the other."""


def test_every_reason_of_the_gate_is_here() -> None:
    assert {*BURDENS, *OF_SURVEYS, Reason.EXPIRED} == set(GATE)


def test_a_full_mailbox_keeps_nothing_of_the_stay_itself_back() -> None:
    case = Case()
    BURDENS[Reason.MAILBOX_FULL_AGAIN](case)
    case.of_request(purpose="stay_service")
    assert case.verdict().state is MessageState.CLAIMED


def test_where_nothing_speaks_against_it_it_is_claimed() -> None:
    found = Case().verdict()
    assert (found.state, found.reason, found.channel) == (MessageState.CLAIMED, None, "email")


@pytest.mark.parametrize("reason", BURDENS)
def test_each_reason_is_told_where_it_alone_holds(reason: Reason) -> None:
    case = Case()
    BURDENS[reason](case)
    found = case.verdict()
    assert found.reason is reason
    held = reason in (Reason.OBJECTION_UNREAD, Reason.STOPPED, Reason.STALE_DATA, Reason.QUIET_HOURS)
    assert found.state == (MessageState.HELD if held else MessageState.SKIPPED)


@pytest.mark.parametrize("first, second", [*combinations(BURDENS, 2)])
def test_of_two_reasons_the_one_asked_first_is_told(first: Reason, second: Reason) -> None:
    if frozenset({first, second}) in ONE_FIELD:
        return
    case = Case()
    BURDENS[second](case)
    BURDENS[first](case)
    assert case.verdict().reason is first


def test_a_pause_ends_by_itself_and_keeps_back_offers_alone() -> None:
    case = Case()
    case.of_guest(paused_until=NOON)
    assert case.verdict().state is MessageState.CLAIMED
    BURDENS[Reason.GUEST_PAUSED](case)
    assert case.verdict().reason is Reason.GUEST_PAUSED
    case.of_request(purpose="stay_service")
    assert case.verdict().state is MessageState.CLAIMED


def test_once_a_month_is_thirty_days_and_another_cap_may_be_narrower() -> None:
    case = Case()
    case.of_guest(once_a_month=True)
    case.contacts.append(Contact("guest", str(ANA), NOON - timedelta(days=30)))
    assert case.verdict().state is MessageState.CLAIMED
    case.contacts.append(Contact("point", "ana", NOON - timedelta(days=2)))  # somebody else's, of one mailbox
    assert case.verdict().state is MessageState.CLAIMED


def test_what_everybody_gets_goes_to_whoever_wants_only_that() -> None:
    case = Case()
    BURDENS[Reason.FOR_EVERYONE_ONLY](case)
    case.of_request(wants=["for_everyone"])
    assert case.verdict().state is MessageState.CLAIMED


@pytest.mark.parametrize("reason", [Reason.DO_NOT_CONTACT, Reason.MUTED, Reason.ERASED])
def test_what_is_too_late_is_expired_but_for_whom_nobody_writes_to(reason: Reason) -> None:
    case = Case()
    case.of_request(useful_until=NOON - timedelta(hours=1))
    assert (case.verdict().state, case.verdict().reason) == (MessageState.EXPIRED, Reason.EXPIRED)
    BURDENS[reason](case)
    assert case.verdict().reason is reason


def survey(*more: Stay, told: bool = True) -> Case:
    """A question about a stay that ended yesterday. `more`: other stays; `told`: that the hotel would ask."""
    case = Case()
    case.of_request(purpose="feedback", journey="post-stay-survey", stay_id=STAY, wants=[])
    out = NOON - timedelta(hours=20)
    asked_about = Stay(
        STAY, "LIS", "Europe/Lisbon", "LIS-000001", "checked_out", date(2016, 6, 1), date(2016, 6, 5),
        NOON - timedelta(days=5), out, False,
    )  # fmt: skip
    case.of_guest(stays=(asked_about, *more))
    case.of_world(properties={"LIS": replace(LISBON, told_of_survey=told)})
    return case


def test_a_survey_needs_its_basis_and_waits_for_the_end_of_the_trip() -> None:
    goes_on = Stay(
        make_id("stay", "LIS-000002"), "LIS", "Europe/Lisbon", "LIS-000002", "booked", date(2016, 6, 5),
        date(2016, 6, 9), None, None, False,
    )  # fmt: skip
    assert survey().verdict().state == MessageState.CLAIMED
    assert survey(told=False).verdict().reason is Reason.NO_BASIS
    assert survey(goes_on).verdict().reason is Reason.SAME_TRIP
    assert survey(goes_on, told=False).verdict().reason is Reason.NO_BASIS


def test_a_survey_that_waits_for_a_complaint_is_not_held_past_its_usefulness() -> None:
    case = survey()
    case.of_guest(complaints=(NOON - timedelta(days=1),))
    assert (case.verdict().state, case.verdict().held_until) == (MessageState.HELD, NOON + timedelta(days=1))
    case.of_request(useful_until=NOON + timedelta(hours=23))
    assert (case.verdict().state, case.verdict().reason) == (MessageState.EXPIRED, Reason.EXPIRED)
