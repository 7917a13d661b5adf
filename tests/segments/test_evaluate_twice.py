"""Two evaluators, one meaning: the SQL and the plain Python agree on generated rules and guests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.segments.facts.fact import Index
from services.segments.facts.families.birthdays import birthdays_kept_on
from services.segments.facts.families.lunar import lunar_birthdays_kept_on, lunar_md
from services.segments.facts.guest_view import (
    AnswerView,
    CaseView,
    GuestView,
    HouseDay,
    ReceiptView,
    StayView,
    took_place,
)
from services.segments.rules.evaluate_python import holds
from services.segments.rules.language.borders import borders_of
from services.segments.rules.language.parse import parse
from services.segments.store.evaluation.facts import refresh_facts
from services.segments.store.evaluation.statement import Asked, Turn, evaluate_guests, statement
from shared.database.pool import Database, Tx
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.rule_strategies import CHANNELS, TODAY, households, rules

AVERAGES = {"LIS": Decimal("80.00"), "ALG": Decimal("33.33")}
CUTS = {
    name: [Decimal(99 - place) / 20 * scale for place in range(99)]
    for name, scale in (("spend", 80), ("nights", 2), ("stays", 1))
}
"""The greatest first; around the figures that are generated."""
AT = datetime(2016, 3, 1, tzinfo=UTC)
Household = tuple[Person, list[Stayed]]
GENEROUS = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def view(person: Person, stays: list[Stayed]) -> GuestView:
    profile = {
        name: getattr(person, name)
        for name in ("title", "language", "country", "region", "home_property", "tier", "do_not_contact")
    }
    return GuestView(
        profile=profile,
        tags=frozenset(person.tags),
        birth_date=person.birth_date,
        consents={channel: (state, until) for channel, state, until in person.consents},
        own=frozenset(channel for channel, kind in person.points if kind == "personal"),
        stays=tuple(stay_view(stay) for stay in stays),
        offers=offers_of(person),
        receipts={channel: receipt_view(person, channel) for channel in CHANNELS},
        guest_id=str(person.id),
        answers=tuple(
            AnswerView(on, score, f"{place:03}", person.praised) for place, (on, score) in enumerate(person.answers)
        ),
        cases=tuple(CaseView(*one) for one in person.cases),
        points=person.loyalty_points,
        journeys=frozenset({"win-back"} if any(what not in ("clicked",) for _, what, _ in person.receipts) else ()),
        lists=frozenset(person.lists),
        entered={journey: max(on for one, on in person.entered if one == journey) for journey, _ in person.entered},
        prediction=person.prediction,
        dates={key: house_day(key, day) for key, day in person.house_days.items()},
    )


def house_day(key: str, day: date) -> HouseDay:
    return HouseDay(day, key != "membership-ends", key == "jubilee")


def receipt_view(person: Person, channel: str) -> ReceiptView:
    last = {
        kind: max((on for by, what, on in person.receipts if (by, what) == (channel, kind)), default=None)
        for kind in ("delivered", "bounced", "complained", "clicked")
    }
    last["written"] = max((on for by, what, on in person.receipts if (by, what) == (channel, "sent")), default=None)
    arrived, back = last["delivered"], last["bounced"]
    return ReceiptView(**last, arrives=arrived is not None and (back is None or arrived > back))


def offers_of(person: Person) -> dict[str, frozenset[str]]:
    given, used, referred = (
        frozenset(offer for offer, said in person.offers if said == what) for what in ("given", "redeemed", "referred")
    )
    return {"held": given - used, "used": used, "referred": referred}


def stay_view(stay: Stayed) -> StayView:
    return StayView(
        status=stay.status,
        booked_on=stay.arrival - timedelta(days=stay.lead_days),
        arrival=stay.arrival,
        nights=stay.nights,
        checked_out_on=stay.departure if stay.status == "checked_out" else None,
        ended_on=stay.arrival if stay.status in ("cancelled", "no_show") else None,
        order=(stay.reservation, str(stay.id)),
        property=stay.house,
        channel=stay.channel,
        room_type=stay.room_type,
        market_segment=stay.market_segment,
        revenue=stay.revenue,
        amount=stay.amount,
        reported=stay.reported,
        amount_currency=stay.converted.currency if stay.converted else None,
        lead_days=stay.lead_days,
        muted=stay.muted,
        rate_plan=stay.rate_plan,
        company=stay.company,
        adults=stay.adults,
        children=stay.children,
        named=len(stay.companions) or None,
    )


@pytest.fixture
def tx(make_database: MakeDatabase) -> Iterator[Tx]:
    database: Database = make_database("segments")
    with database.transaction() as tx:
        yield tx


def inside(tx: Tx, documents: list[Any], households: Sequence[Household], today: date) -> dict[str, list[int]]:
    """Who is in which segment (by place in `documents`, from 1) as the database has it; leaves nothing behind."""
    with tx.connection.transaction(force_rollback=True):
        enter(tx, [person for person, _ in households], [stay for _, stays in households for stay in stays])
        for number, document in enumerate(documents, start=1):
            values = [number, f"segment-{number}", json.dumps(document), AT, AT]
            tx.execute("insert into segment values (%s, %s, '', %s, false, false, 1, %s, %s)", values)
        for name, mean in AVERAGES.items():
            tx.execute("insert into property_average values (%s, %s, %s, 1)", [name, today, mean])
        for measure, cuts in CUTS.items():
            downs = [-cut for cut in cuts]
            tx.execute("insert into rank_cut values (%s, %s, %s)", [measure, today, downs])
        ids = sorted(person.id for person, _ in households)
        refresh_facts(tx, ids)
        text = statement({n: parse(d) for n, d in enumerate(documents, start=1)}, [], [], [], everybody=False)
        because = json.dumps({"kind": "initial"})
        evaluate_guests(tx, text, [Asked(guest, Turn("Europe/Lisbon", today, AT), because) for guest in ids])
        found = dict(tx.execute("select guest_id, segments from membership").fetchall())
        return {person.name: found.get(person.id, []) for person, _ in households}


def in_python(documents: list[Any], households: Sequence[Household], today: date) -> dict[str, list[int]]:
    """The same as the plain Python has it."""
    asked = [parse(document) for document in documents]
    guests = {person.name: view(person, stays) for person, stays in households}
    return {
        name: [number for number, rule in enumerate(asked, start=1) if holds(rule, guest, today, AVERAGES, CUTS)]
        for name, guest in guests.items()
    }


@GENEROUS
@given(documents=st.lists(rules, min_size=1, max_size=6), several=households, ahead=st.integers(0, 3))
def test_sql_and_python_agree(tx: Tx, documents: list[Any], several: list[Household], ahead: int) -> None:
    today = TODAY + timedelta(days=ahead)
    assert inside(tx, documents, several, today) == in_python(documents, several, today)


MOVED = given(document=rules, several=households, back=st.integers(0, 400))


@settings(GENEROUS, max_examples=100)
@MOVED
def test_whoever_time_moves_lies_on_a_border(document: Any, several: list[Household], back: int) -> None:
    is_on_a_border_if_moved(document, several, back)


@pytest.mark.proof
@settings(GENEROUS, max_examples=2000)
@MOVED
def test_whoever_time_moves_lies_on_a_border_in_very_many_cases(
    document: Any, several: list[Household], back: int
) -> None:
    is_on_a_border_if_moved(document, several, back)


def is_on_a_border_if_moved(document: Any, several: list[Household], back: int) -> None:
    rule, today = parse(document), TODAY + timedelta(days=7 - back)
    borders = borders_of(rule)
    for person, stays in several:
        guest = view(person, stays)
        yesterday = today - timedelta(days=1)
        if holds(rule, guest, today, AVERAGES, CUTS) != holds(rule, guest, yesterday, AVERAGES, CUTS):
            assert any(
                on_border(border.index, today + timedelta(days=border.shift), person, stays, border.key)
                and len(took_place(guest.stays)) >= border.least
                for border in borders
            )


def house_day_on(one: HouseDay | None, value: date) -> bool:
    if one is None or not one.yearly:
        return one is not None and one.day == value
    if one.lunar:
        return one.day == value or lunar_md(one.day) in lunar_birthdays_kept_on(value)
    return one.day.month * 100 + one.day.day in birthdays_kept_on(value)


def on_border(index: Index, value: date, person: Person, stays: list[Stayed], key: str) -> bool:
    guest = view(person, stays)
    views = guest.stays
    outs = [one.checked_out_on for one in views if one.checked_out_on]
    born = person.birth_date
    until = {channel: until for channel, _, until in person.consents}
    values: dict[Index, list[object]] = {
        Index.HOUSE_DATE: [value if house_day_on(guest.dates.get(key), value) else None],
        Index.BIRTHDAY: [value if born and born.month * 100 + born.day in birthdays_kept_on(value) else None],
        Index.LAST_CHECKOUT: [
            max((one.checked_out_on for one in views if one.checked_out_on and not one.muted), default=None)
        ],
        Index.NEXT_ARRIVAL: [min((one.arrival for one in views if one.status == "booked"), default=None)],
        Index.EMAIL_UNTIL: [until.get("email")],
        Index.SMS_UNTIL: [until.get("sms")],
        **{
            Index(f"{channel}_{kind}"): [getattr(guest.receipts[channel], kind)]
            for channel in CHANNELS
            for kind in ("delivered", "bounced", "complained", "written", "clicked")
        },
        Index.LAST_ANSWER: [max((on for on, _ in person.answers), default=None)],
        Index.JOURNEY_ENTERED: [guest.entered.get(key)],
        Index.LAST_ENTERED: [max((on for _, on in person.entered), default=None)],
        Index.LAST_CASE_CLOSED: [max((on for _, is_open, on in person.cases if not is_open), default=None)],
        Index.STAY_CHECKED_OUT: list(outs),
        Index.STAY_ENDED: [one.ended_on for one in views],
        Index.STAY_ARRIVAL: [one.arrival for one in views if one.status == "booked"],
    }
    return value in values[index]
