"""A colleague's test of a template goes to the mailbox of their account, and to no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.console.commands.accounts import Member, end_access, ensure_person
from services.console.store.accounts import everybody
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.events.dictionary import chunk_of
from shared.events.messaging import TestRequested as Asked
from shared.vocabulary.channel import Channel
from shared.vocabulary.role import Role
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house


def requested(person: UUID, channel: Channel = Channel.EMAIL) -> Asked:
    until = NOW + timedelta(minutes=30)
    return Asked(test_id=uuid4(), version=1, person_id=person, channel=channel, useful_until=until, occurred_at=NOW)


def dina(house: House) -> UUID:
    with house.database.transaction() as tx:
        member = Member(name="Dina Duarte", role=Role.DUTY_MANAGER, properties=["LIS"])
        ensure_person(tx, email="dina@casa.example.com", wanted=member, password="seven lemons in the snow", at=NOW)
        return next(one.person_id for one in everybody(tx) if one.name == "Dina Duarte")


def told(house: House) -> list[dict[str, Any]]:
    return house.published("notice.requested.v1")


def test_it_goes_to_the_account_of_whoever_asked(make_database: MakeDatabase) -> None:
    house = open_house(make_database("console"))
    person = dina(house)
    asked = requested(person)
    house.hear_at(NOW, chunk_of([asked, requested(uuid4()), requested(person, Channel.SMS)]))
    (notice,) = told(house)
    assert (notice["notice_id"], notice["kind"]) == (str(asked.test_id), "template_test")
    assert house.database.keyring.open(Sealed(notice["address"]), Sealing.NOTICE) == "dina@casa.example.com"


def test_whose_access_has_ended_gets_none(make_database: MakeDatabase) -> None:
    house = open_house(make_database("console"))
    person = dina(house)
    house.sends_mail()
    with house.database.transaction() as tx:
        end_access(tx, person, by="Ada", at=NOW)
    house.hear_at(NOW, chunk_of([requested(person)]))
    assert [one for one in told(house) if one["kind"] == "template_test"] == []
