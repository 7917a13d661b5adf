"""Duty managers are told of complaints by mail, with nothing of the guest in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.console.commands.accounts import Member, end_access, ensure_person
from services.console.store.accounts import with_role
from shared.events.dictionary import chunk_of
from shared.events.feedback import AlertUnlisted, CaseOpened
from shared.ids import make_id
from shared.vocabulary.case import AlertReason, CaseAlert, CaseKind
from shared.vocabulary.role import Role
from tests.cast import ANA, NOW
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house

MANAGERS = {"Dina Duarte": ["LIS"], "Shan Su": ["SHA"], "Gil Gama": []}


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database("console"))
    with house.database.transaction() as tx:
        for name, hotels in MANAGERS.items():
            ensure_person(
                tx,
                email=f"{name.split()[0].lower()}@casa.example.com",
                wanted=Member(name=name, role=Role.DUTY_MANAGER, properties=hotels),
                password="seven lemons in the snow",
                at=NOW,
            )
    house.sends_mail()
    return house


def complaint(number: int = 1, **more: Any) -> CaseOpened:
    told: dict[str, Any] = {"property": "LIS", "kind": CaseKind.COMPLAINT, "occurred_at": NOW, **more}
    return CaseOpened(
        case_id=make_id("case", number), version=1, guest_id=ANA, stay_id=None, level=1, open=True, **told
    )


def alerts(house: House) -> list[tuple[str, str | None]]:
    """Who is told, and of which hotel."""
    asked = house.published("notice.requested.v1")
    return sorted((each["details"]["name"], each["details"].get("hotel")) for each in asked)


def test_who_looks_after_the_hotel_is_told_and_nobody_else(house: House) -> None:
    house.hear_at(NOW, chunk_of([complaint()]))
    assert alerts(house) == [("Dina Duarte", "Casa do Tejo Lisboa"), ("Gil Gama", "Casa do Tejo Lisboa")]


def test_a_complaint_at_no_known_hotel_is_everybodys(house: House) -> None:
    house.hear_at(NOW, chunk_of([complaint(property=None)]))
    assert alerts(house) == [(name, None) for name in sorted(MANAGERS)]


def test_nothing_of_the_guest_or_of_the_case_is_in_it(house: House) -> None:
    house.hear_at(NOW, chunk_of([complaint()]))
    said = str(house.all("select convert_from(body, 'utf8') from outbox where type = 'notice.requested.v1'"))
    assert str(ANA) not in said and str(complaint().case_id) not in said
    assert {each["page"] for each in house.published("notice.requested.v1")} == {"/feedback/cases"}


def test_many_complaints_are_one_mail_in_a_quarter_of_an_hour(house: House) -> None:
    """By the notice's number: messaging queues each once."""
    house.hear_at(NOW, chunk_of([complaint(number) for number in range(50)]))
    assert len(alerts(house)) == 2
    house.hear_at(NOW + timedelta(minutes=14), chunk_of([complaint(51)]))
    house.hear_at(NOW + timedelta(minutes=15), chunk_of([complaint(52)]))
    assert len({each["notice_id"] for each in house.published("notice.requested.v1")}) == 4


@pytest.mark.parametrize(
    "more",
    [{"kind": CaseKind.FOLLOW_UP}, {"occurred_at": NOW - timedelta(hours=2)}],
    ids=["a follow-up", "long ago"],
)
def test_what_is_no_news_is_not_told(house: House, more: dict[str, Any]) -> None:
    house.hear_at(NOW, chunk_of([complaint(**more)]))
    house.hear_at(NOW, chunk_of([complaint()], republished=True))
    assert alerts(house) == []


def test_nobody_is_told_where_no_mail_leaves_or_access_has_ended(house: House) -> None:
    with house.database.transaction() as tx:
        dina = next(one for one in with_role(tx, Role.DUTY_MANAGER) if one.name == "Dina Duarte")
        end_access(tx, dina.person_id, "Ada", NOW)
    house.hear_at(NOW, chunk_of([complaint()]))
    assert [name for name, _ in alerts(house)] == ["Gil Gama"]
    house.sends_mail(False)
    house.hear_at(NOW + timedelta(hours=1), chunk_of([complaint(occurred_at=NOW + timedelta(hours=1))]))
    assert len(alerts(house)) == 1


def test_where_there_is_a_duty_list_the_duty_managers_are_not_told_a_second_time(house: House) -> None:
    house.hear_at(NOW, chunk_of([complaint(alert=CaseAlert.LIST, because=AlertReason.COMPLAINT)]))
    house.hear_at(NOW, chunk_of([complaint(2, alert=CaseAlert.NONE)]))
    assert alerts(house) == []


def test_without_a_duty_list_whatever_cannot_wait_is_told_by_its_reason(house: House) -> None:
    urgent = complaint(kind=CaseKind.FOLLOW_UP, alert=CaseAlert.ROLE, because=AlertReason.URGENT)
    house.hear_at(NOW, chunk_of([urgent, complaint(2, alert=CaseAlert.ROLE, because=AlertReason.COMPLAINT)]))
    told = {(each["kind"], each["details"].get("what")) for each in house.published("notice.requested.v1")}
    assert told == {("duty_call", "urgent"), ("case_alert", None)}
    assert len(alerts(house)) == 4


def test_what_no_case_tells_of_leads_to_the_alerts_that_have_no_answer(house: House) -> None:
    def unlisted(number: int, because: AlertReason, code: str | None, at: datetime = NOW) -> AlertUnlisted:
        alert_id = make_id("alert", number)
        return AlertUnlisted(alert_id=alert_id, version=1, because=because, property=code, occurred_at=at)

    late = unlisted(1, AlertReason.LATE, "LIS")
    told = [
        late,
        unlisted(2, AlertReason.EMERGENCY, None),
        unlisted(3, AlertReason.LATE, "LIS", NOW - timedelta(days=1)),
    ]
    house.hear_at(NOW, chunk_of(told))
    house.hear_at(NOW, chunk_of([late], republished=True))
    asked = house.published("notice.requested.v1")
    assert {(each["kind"], each["page"]) for each in asked} == {("duty_call", "/feedback/alerts")}
    assert sorted((each["details"]["what"], each["details"]["name"]) for each in asked) == [
        *(("emergency", name) for name in sorted(MANAGERS)),
        ("late", "Dina Duarte"),
        ("late", "Gil Gama"),
    ]
