"""A consent said at the desk counts once the guest has pressed the button behind the link: double opt-in."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.messaging.commands.templates.publish import shipped_documents
from services.messaging.config import Config
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.pages.for_guests.confirmation import words as guests_words
from services.messaging.rules.confirmations import TEMPLATE, VALID_FOR
from services.messaging.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.errors import InputError
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.networks import shortened
from tests.cast import ANA, FILIPA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, stop, win_back
from tests.web import Browser, browser, words

SAID = "Yes, write to me about your offers by e-mail."
DESK = f"/messaging/guests/{ANA}/consents"
LATER = MONDAY + timedelta(hours=1)


def house(make_database: MakeDatabase, country: str = "DE", **more: Any) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    told = {"consents": [], "country": country, **more}
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")], **told))
    return hotel


def desk(hotel: Hotel, at: datetime = MONDAY, **config: Any) -> Browser:
    return browser(SERVICE.build_web, Config(**config), hotel.database, FILIPA, at=at)


def visitor(hotel: Hotel, at: datetime) -> Browser:
    """Whoever opens the link: no cookie, nobody signed in."""
    return browser(SERVICE.build_web, Config(), hotel.database, None, at=at)


def say_yes(hotel: Hotel, at: datetime = MONDAY, config: dict[str, Any] | None = None, **more: str) -> str:
    form = {"purpose": "marketing", "channel": "email", "said_on": "2016-06-06", "place": "at the desk", "words": SAID}
    reader = desk(hotel, at, **(config or {}))
    reader.get(DESK)
    return words(reader.post(DESK, {**form, **more}))


def link_in(hotel: Hotel, number: int = -1) -> str:
    """The path of the link in the message sent last."""
    assert isinstance(hotel.provider, Provider)
    found = re.search(r"https?://[^/]+(/messaging/confirmation/\S+)", hotel.provider.taken[number].text)
    assert found is not None
    return found[1]


def state(hotel: Hotel) -> str | None:
    found: str | None = hotel.one("select state from consent where channel = 'email' and purpose = 'marketing'")
    return found


def offered(hotel: Hotel, at: datetime, plan: int, by_sms: bool = False) -> tuple[str, str | None]:
    message = (
        birthday(plan=plan, due_at=at) if not by_sms else win_back(plan=plan, due_at=at, wants=[], channels=["sms"])
    )
    hotel.hears(message)
    hotel.runs(at)
    ((found, reason),) = hotel.all("select state, reason from delivery where message_id = %s", message.message_id)
    return found, reason


def test_it_counts_from_the_moment_the_button_is_pressed(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    page = say_yes(hotel)
    assert "It counts once the guest has confirmed it" in page and "Asked to confirm" in page
    assert state(hotel) == "pending"
    hotel.runs()
    assert isinstance(hotel.provider, Provider)
    (sent,) = hotel.provider.taken
    assert (sent.purpose, sent.to, sent.unsubscribe_url) == ("stay_service", "ana@example.com", None)
    assert offered(hotel, MONDAY, 1) == ("skipped", "no_consent")

    path = link_in(hotel)
    for _ in range(3):  # scanners open links, and follow what they find
        shown = visitor(hotel, LATER).get(path)
        assert SAID in words(shown) and "Yes, I confirm" in words(shown)
    assert visitor(hotel, LATER).client.head(path).status_code == 200
    assert state(hotel) == "pending"

    for _ in range(2):
        assert "is confirmed." in words(visitor(hotel, LATER).post(path))
    assert state(hotel) == "express"
    assert offered(hotel, LATER, 2) == ("sent", None)
    rows = hotel.all("select proof_sealed from consent_ledger where state = 'express'")
    proof = json.loads(hotel.keyring.open(Sealed(rows[0][0]), Sealing.PROOF))
    assert len(rows) == 1
    assert proof["words"] == SAID and proof["place"] == "at the desk" and proof["by"] == FILIPA.name
    assert (proof["confirmed_at"], proof["network"]) == (LATER.isoformat(), "127.0.0.0/24")
    assert proof["said_at"] == MONDAY.isoformat() and len(proof["link"]) == 36
    states = [one["state"][0] for name, _, one in hotel.said() if name == "consent.changed.v1"]
    assert states == ["pending", "express"]


def test_a_link_that_ran_out_confirms_nothing_and_is_asked_for_once_more_at_most(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    say_yes(hotel)
    hotel.runs()
    late = MONDAY + VALID_FOR
    assert "This link has run out." in words(visitor(hotel, late).get(link_in(hotel)))
    assert "This link has run out." in words(visitor(hotel, late).post(link_in(hotel)))
    assert state(hotel) == "pending"
    reader = desk(hotel, late)
    assert "not confirmed" in words(reader.get(DESK))
    confirmation = hotel.one("select id from confirmation")
    assert "Asked once more." in words(reader.post(f"{DESK}/confirmations/{confirmation}/again"))
    assert reader.post(f"{DESK}/confirmations/{confirmation}/again").status_code == 409
    hotel.runs(late)
    assert isinstance(hotel.provider, Provider) and len(hotel.provider.taken) == 2
    first, second = link_in(hotel, 0), link_in(hotel, 1)
    assert first != second
    visitor(hotel, late + timedelta(days=1)).post(first)
    assert state(hotel) == "express", "either link is the guest's"


@pytest.mark.parametrize(
    ("country", "config", "more", "asked"),
    [
        ("DE", {}, {}, True),
        ("AT", {}, {}, True),
        ("PT", {}, {}, False),
        ("PT", {"double_opt_in": frozenset({"PT"})}, {}, True),
        ("BR", {"double_opt_in": frozenset({"PT"})}, {}, True),  # the hotel is in Portugal
        ("DE", {"double_opt_in": frozenset()}, {}, False),
        ("PT", {}, {"confirm": "1"}, True),
        ("DE", {}, {"purpose": "feedback"}, False),
        ("DE", {}, {"channel": "sms"}, True),
        ("PT", {}, {"channel": "sms"}, False),
        ("DE", {"double_opt_in_sms": frozenset()}, {"channel": "sms"}, False),
    ],
)
def test_it_is_asked_where_the_house_says_so_or_whoever_writes_it_down(
    make_database: MakeDatabase, country: str, config: dict[str, Any], more: dict[str, str], asked: bool
) -> None:
    hotel = house(make_database, country)
    say_yes(hotel, MONDAY, config, **more)
    assert bool(hotel.one("select count(*) from confirmation")) is asked
    given = hotel.all("select state from consent where state in ('express', 'pending')")
    assert given == [("pending" if asked else "express",)]


def test_what_was_refused_stands_until_the_guest_confirms(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "email", "ana@example.com", "marketing", guest_id=ANA))
    assert state(hotel) == "withdrawn"
    say_yes(hotel, LATER)
    assert state(hotel) == "withdrawn"
    hotel.runs(LATER)
    visitor(hotel, LATER + timedelta(hours=1)).post(link_in(hotel))
    assert state(hotel) == "express"
    assert hotel.one("select count(*) from suppression where purpose = 'marketing'") == 0


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"do_not_contact": "asked"}, "do_not_contact"), ({"rights": ["restricted"]}, "restricted")],
)
def test_the_message_that_asks_passes_the_gate(make_database: MakeDatabase, more: dict[str, Any], reason: str) -> None:
    hotel = house(make_database, **more)
    say_yes(hotel)
    hotel.runs()
    assert hotel.outcomes() == [("skipped", reason)]


def test_nothing_goes_to_an_address_that_wants_nothing_at_all(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "email", "ana@example.com", guest_id=ANA))
    say_yes(hotel, LATER)
    hotel.runs(LATER)
    assert hotel.outcomes() == [("skipped", "suppressed")]


@pytest.mark.parametrize("token", ["x", "AAAA.BBBB", "x" * 5000])
def test_a_forged_link_gets_one_kind_page(make_database: MakeDatabase, token: str) -> None:
    hotel = house(make_database)
    for answer in (
        visitor(hotel, LATER).get(f"/messaging/confirmation/{token}"),
        visitor(hotel, LATER).post(f"/messaging/confirmation/{token}"),
    ):
        assert answer.status_code == 404 and "This link is not complete." in words(answer)


def test_a_way_out_confirms_nothing(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    say_yes(hotel)
    hotel.runs()
    token = link_in(hotel).rsplit("/", 1)[1]
    assert visitor(hotel, LATER).post(f"/messaging/way-out/{token}").status_code == 404
    assert state(hotel) == "pending"


@pytest.mark.parametrize("language", GUEST_LANGUAGES)
def test_it_speaks_six_languages(make_database: MakeDatabase, language: str) -> None:
    hotel = house(make_database, language=language)
    say_yes(hotel)
    hotel.runs()
    page = visitor(hotel, LATER).get(link_in(hotel)).get_data(as_text=True)
    assert f'lang="{language}"' in page and guests_words()[language]["act"] in page
    assert set(guests_words()[language]) == set(guests_words()["en"])
    (template,) = [read_template(one, version=1) for one in shipped_documents() if one["key"] == TEMPLATE]
    assert set(template.locales) == set(GUEST_LANGUAGES)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("not an address", ""),
        (None, ""),
    ],
)
def test_of_the_network_no_computer_is_kept(address: str | None, kept: str) -> None:
    assert shortened(address) == kept


def test_the_text_that_asks_keeps_its_button_and_no_other_has_it() -> None:
    asking = next(one for one in shipped_documents() if one["key"] == TEMPLATE)
    without = {**asking, "locales": {"en": {"email": {"subject": "Please confirm", "body": ["Hello."]}}}}
    with pytest.raises(InputError) as refusal:
        check(read_template(without, version=1))
    assert "links.confirm" in str(refusal.value.problems)
    with pytest.raises(InputError) as refusal:
        check(read_template({**asking, "key": "another"}, version=1))
    assert "there is no value «links.confirm»" in str(refusal.value.problems)
