"""The house's own senders: which of them a message is given to, what a warm-up allows, and going live."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.messaging.commands.going_live import back_to_sandbox, go_live, standing
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender, WarmUp, choose, tiers_of
from services.messaging.store.senders import health, live, rows
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.errors import Conflict, InputError
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ADA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY

ADMINISTRATOR = Person(ADA.person_id, ADA.name, ADA.role, frozenset())
CHOICES = ("GUESTLOOP_EMAIL", "GUESTLOOP_SMS", "GUESTLOOP_WHATSAPP")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def sender(name: str = "Mail", **more: Any) -> HouseSender:
    told: dict[str, Any] = {
        "sender_id": make_id("sender", name),
        "version": 1,
        "channel": "email",
        "kind": "smtp",
        "name": name,
        "hotels": [],
        "legal_entity": None,
        "countries": [],
        "from_name": "",
        "from_address": "hello@casa.example.com",
        "reply_to": "",
        "settings": {"host": "mail.example.com", "port": 587, "security": "starttls", "user": "casa"},
        "weight": 1,
        "rate": 0,
        "warm_from": None,
        "warm_first": None,
        "warm_percent": None,
        "warm_until": None,
        "state": "on",
        "made_by": "Ana",
        "made_at": MONDAY,
        "changed_by": "Ana",
        "changed_at": MONDAY,
    }
    return HouseSender(**{**told, **more})


ALL = sender("all")
BRAND = sender("brand", legal_entity="Casa do Rio, Lda.")
LISBON = sender("lisbon", hotels=["LIS", "OPO"])
TO_CHINA = sender("to China", countries=["CN"])
LISBON_TO_CHINA = sender("Lisbon to China", hotels=["LIS"], countries=["CN"])
PAUSED = sender("paused", hotels=["LIS"], state="paused")
TEXTS = sender("texts", channel="sms", kind="twilio")
HOUSE = (ALL, BRAND, LISBON, TO_CHINA, LISBON_TO_CHINA, PAUSED, TEXTS)


@pytest.mark.parametrize(
    ("hotel", "brand", "country", "names"),
    [
        ("LIS", "Casa do Rio, Lda.", "PT", ["lisbon", "brand", "all"]),
        ("LIS", "Casa do Rio, Lda.", "CN", ["Lisbon to China", "lisbon", "brand", "to China", "all"]),
        ("FNC", "Casa do Rio, Lda.", None, ["brand", "all"]),
        ("XXX", "Another, Lda.", "CN", ["to China", "all"]),
        (None, None, None, ["all"]),
    ],
)
def test_the_most_specific_comes_first(
    hotel: str | None, brand: str | None, country: str | None, names: list[str]
) -> None:
    assert [[one.name for one in tier] for tier in tiers_of(HOUSE, "email", hotel, brand, country)] == [
        [name] for name in names
    ]


def test_between_several_the_weight_decides_and_a_message_keeps_its_sender() -> None:
    one, two = sender("one", weight=1), sender("two", weight=3)
    tiers = tiers_of([one, two], "email", "LIS", None, None)
    messages = [make_id("message", number) for number in range(2000)]

    def chosen(ready: tuple[HouseSender, ...]) -> dict[UUID, HouseSender | None]:
        return {message: choose(tiers, message, lambda sender: sender in ready) for message in messages}

    both = chosen((one, two))
    assert both == chosen((one, two)) and 0.7 < list(both.values()).count(two) / len(messages) < 0.8
    third = sender("third")
    more = {message: choose([[one, two, third]], message, lambda _: True) for message in messages}
    assert all(more[message] in (both[message], third) for message in messages)  # only what the new one takes moves
    assert all(found == one for found in chosen((one,)).values()) and not any(chosen(()).values())


def test_a_warm_up_grows_and_ends() -> None:
    warm = WarmUp(date(2016, 6, 6), 50, 100, 1000)
    days = [warm.allows(date(2016, 6, 5) + timedelta(days=day)) for day in range(7)]
    assert days == [50, 50, 100, 200, 400, 800, None]
    assert warm.allows(date(9999, 1, 1)) is None


def test_a_sender_is_kept_with_a_sealed_secret_and_changed_by_who_saw_it(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    with database.transaction() as tx:
        rows.add(tx, ALL, tx.keyring.seal("open sesame", Sealing.SENDER))
        assert rows.change(tx, replace(ALL, weight=7), None)
        assert not rows.change(tx, replace(ALL, weight=8), None)  # it was version 1
        kept = rows.sender(tx, ALL.sender_id)
        assert kept == replace(ALL, version=2, weight=7) and rows.senders(tx) == [kept]
        assert tx.keyring.open(rows.secrets_of(tx, [ALL.sender_id])[ALL.sender_id], Sealing.SENDER) == "open sesame"
        assert rows.change_state(tx, ALL.sender_id, "deleted", "Ana", MONDAY)
        assert not rows.change_state(tx, ALL.sender_id, "on", "Ana", MONDAY)
        assert rows.senders(tx) == [] and rows.secrets_of(tx, [ALL.sender_id]) == {}
        assert rows.names_of(tx, [ALL.sender_id]) == {ALL.sender_id: "all"}


def test_a_sender_that_fails_rests_ever_longer_until_it_takes_a_message(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    with database.transaction() as tx:
        rows.add(tx, ALL, None)
        for after in (0, 0.5, 1, 3):  # minutes; the second is still the first trouble
            at = MONDAY + after * MINUTE
            health.note_trouble(tx, ALL.sender_id, "unreachable", "timeout", at, first=MINUTE, last=HOUR)
        found = health.health_of_all(tx)[ALL.sender_id]
        assert (found.failures, found.resting_until) == (3, MONDAY + 7 * MINUTE)
        health.note_work(tx, ALL.sender_id, 1, MONDAY)
        found = health.health_of_all(tx)[ALL.sender_id]
        assert (found.failures, found.resting_until, found.trouble_reason) == (0, None, "unreachable")


def test_the_house_goes_live_only_with_a_sender_that_works(make_database: MakeDatabase) -> None:
    database, config = make_database("messaging"), Config.read({"GUESTLOOP_SMS": "sandbox"})
    assert config.open_channels == (Channel.EMAIL, Channel.WHATSAPP)
    with database.transaction() as tx:
        rows.add(tx, ALL, None)
        rows.add(tx, TEXTS, None)
        health.note_work(tx, TEXTS.sender_id, 1, MONDAY)  # of a channel that the environment keeps in the sandbox
        health.note_work(tx, ALL.sender_id, 2, MONDAY)  # not as it is set up now
        with pytest.raises(InputError):
            go_live(tx, config, by=ADMINISTRATOR, at=MONDAY)
        health.note_work(tx, ALL.sender_id, 1, MONDAY)
        go_live(tx, config, by=ADMINISTRATOR, at=MONDAY)
        period = live.live_period(tx)
        assert period and [config.is_live(one, house_is_live=True) for one in Channel] == [True, False, True]
        assert not standing(tx, config).may_go_live
        with pytest.raises(Conflict):
            go_live(tx, config, by=ADMINISTRATOR, at=MONDAY)
        back_to_sandbox(tx, by=ADMINISTRATOR, at=MONDAY)
        assert live.live_period(tx) is None
        with pytest.raises(InputError):
            go_live(tx, Config.read(dict.fromkeys(CHOICES, "sandbox")), by=ADMINISTRATOR, at=MONDAY)
