"""A colleague's test of a text message goes to the telephone by which a duty list calls them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.events.dictionary import chunk_of
from shared.events.messaging import TestRequested as Asked
from shared.vocabulary.channel import Channel
from tests.cast import DINA, FILIPA, MARTA, NOW, employ
from tests.conftest import MakeDatabase
from tests.feedback.duty import NUMBERS, Duty


def requested(person: UUID, channel: Channel = Channel.SMS) -> Asked:
    until = NOW + timedelta(minutes=30)
    return Asked(test_id=uuid4(), version=1, person_id=person, channel=channel, useful_until=until, occurred_at=NOW)


def test_it_goes_to_the_telephone_of_whoever_asked_and_to_nobody_elses(make_database: MakeDatabase) -> None:
    house = Duty(make_database("feedback"))
    employ(house.database)
    house.list_of(DINA, FILIPA)
    house.list_of(DINA, hotel="SHA")
    house.on_duty("Night desk", number="+351910000199")  # a telephone that several carry
    dina, nobody = requested(DINA.person_id), requested(MARTA.person_id)
    house.hear_at(NOW, chunk_of([dina, nobody, requested(DINA.person_id, Channel.EMAIL)]))
    (notice,) = house.published("notice.requested.v1")
    assert (notice["notice_id"], notice["kind"], notice["channel"]) == (str(dina.test_id), "template_test", "sms")
    assert house.database.keyring.open(Sealed(notice["address"]), Sealing.NOTICE) == NUMBERS[DINA]
