"""Values of texts: as each language writes them, offered where somebody can fill them in, kept as they are heard."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.messaging.commands.templates.publish import publish_template
from services.messaging.library.advice import advice
from services.messaging.library.checks import check, sample_values
from services.messaging.library.documents import read_template
from services.messaging.pages.templates.inserts import INSERTS, inserts_of
from services.messaging.wording.defaults import defaults_in
from services.messaging.wording.names import Person
from services.messaging.wording.own_dates import GROUP
from services.messaging.wording.values import KNOWN
from services.messaging.wording.ways import booking, telephone
from shared.errors import InputError, Problem
from shared.events.dictionary import chunk_of
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, stay
from tests.messaging.words import LANGUAGES, document


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"), Provider())


ANNA = Person("Anna", "Müller", "Frau")


@pytest.mark.parametrize(
    ("language", "title", "points", "born", "check_in", "reads"),
    [
        ("en", "Ms", "12,500", "13 June", "15:00", "English"),
        ("de", "Frau", "12.500", "13. Juni", "15:00", "Deutsch"),
        ("pt", "Sra.", "12.500", "13 de junho", "15:00", "português"),
        ("zh-Hans", "女士", "12,500", "6月13日", "15:00", "中文 (简体)"),
    ],
)
def test_values_are_written_as_the_language_writes_them(
    language: str, title: str, points: str, born: str, check_in: str, reads: str
) -> None:
    values = sample_values(ANNA, language)
    told = values["guest"]
    assert (told["title"], told["points"], told["birthday"]) == (title, points, born)
    assert values["stay"]["check_in"] == check_in and told["language"] == reads


@pytest.mark.parametrize(
    ("url", "said", "led"),
    [
        ("https://b.example/x", {}, "https://b.example/x"),
        (
            "https://b.example/?from={arrival}&to={departure}&code={code}&hotel=1",
            {"arrival": "2027-03-05", "departure": "2027-03-08", "code": "A&B"},
            "https://b.example/?from=2027-03-05&to=2027-03-08&code=A%26B&hotel=1",
        ),
        ("https://b.example/?from={arrival}&code={code}", {"code": ""}, "https://b.example/"),
        ("https://b.example/{language}/book", {"language": "zh-Hans"}, "https://b.example/zh-Hans/book"),
    ],
)
def test_a_booking_link_is_asked_for_what_is_known_and_for_nothing_else(
    url: str, said: dict[str, str], led: str
) -> None:
    assert booking(url, said) == led
    assert telephone("+351 (21) 000-0000") == "tel:+351210000000"


def test_every_value_of_the_menu_has_words_and_those_that_may_be_missing_a_proposal_in_six_languages() -> None:
    assert set(INSERTS) == set(KNOWN)
    alike = [set(defaults_in(language)) for language in LANGUAGES]
    assert all(names == alike[0] <= {*KNOWN, GROUP} for names in alike)
    links = {name for name in KNOWN if name.startswith(("links.", "sender.", "offer."))}
    assert set(KNOWN) - links - alike[0] == {"guest.greeting"} and GROUP in alike[0]


@pytest.mark.parametrize(
    ("purpose", "there", "missing"),
    [
        ("marketing", "links.unsubscribe", {"stay.arrival", "links.survey"}),
        ("feedback", "links.survey", {"offer.code"}),
        ("stay_service", "stay.check_in", {"links.survey", "links.unsubscribe"}),
    ],
)
def test_the_menu_offers_what_the_purpose_can_fill(purpose: str, there: str, missing: set[str]) -> None:
    offered = inserts_of({**document(), "purpose": purpose}, {"own_date.wedding": "the wedding day"})
    assert there in offered and "own_date.wedding" in offered and not missing & set(offered)


def test_what_no_guest_can_have_keeps_a_text_from_being_published_and_a_stay_in_an_offer_is_looked_at() -> None:
    survey = document(body=["{{ guest.greeting }}, {{ links.survey }}"])
    with pytest.raises(InputError) as refused:
        check(read_template(survey, version=1))
    (problem,) = refused.value.problems.values()
    assert isinstance(problem, Problem) and problem.code == "never_given"
    offer = document(body=["{{ guest.greeting }}, {{ stay.hotel }}"])
    assert [one.code for one in advice(read_template(offer, version=1)).values()] == ["stay_needed"]
    spared = document(body=["{{ guest.greeting }}, {{ stay.hotel | default('us') }}"])
    assert not advice(read_template(spared, version=1))


@pytest.mark.parametrize("without", [ANA, BEN], ids=["ana", "ben"])
@pytest.mark.parametrize(
    ("value", "nobody", "somebody"),
    [
        ("guest.tier", {}, {"tier": "Gold"}),
        ("guest.points", {}, {"loyalty_points": 0}),
        ("guest.birthday", {"birth_date": None}, {}),
        ("last_stay.room_type", {}, {"room_type": "Suite"}),
        ("last_stay.hotel", {}, {"room_type": ""}),
    ],
)
def test_of_two_guests_of_one_claim_each_is_asked_for_what_the_text_needs(
    hotel: Hotel, value: str, nobody: dict[str, Any], somebody: dict[str, Any], without: UUID
) -> None:
    publish(hotel, {**document(body=["{{ guest.greeting }}", "{{ " + value + " }}"]), "key": "birthday"})
    other = BEN if without == ANA else ANA
    of_stay = somebody if value.startswith("last_stay.") else {}
    for who, told in ((without, nobody), (other, {} if of_stay else somebody)):
        points = [email(hotel.keyring, f"{who}@example.com")]
        hotel.hears(guest(who, points=points, **told))
    hotel.hears(lisbon(), *([stay("LIS-000001", other, **of_stay)] if of_stay else []))
    asked = {one: birthday(one, property="LIS") for one in (without, other)}
    hotel.hears(*asked.values())
    hotel.runs()
    assert {one: hotel.state_of(message) for one, message in asked.items()} == {without: "skipped", other: "sent"}


def test_what_is_heard_of_guests_stays_and_hotels_stands_in_the_mail(hotel: Hotel) -> None:
    words = (
        "{{ guest.tier }} {{ guest.points }} {{ guest.birthday }} {{ last_stay.room_type }} {{ property.phone }} "
        "{{ property.address }} {{ links.booking }} {{ journey.name | default('no name') }}"
    )
    publish(hotel, {**document(body=["{{ guest.greeting }}", words]), "key": "birthday"})
    point = email(hotel.keyring, "ana@example.com")
    there = guest(points=[point], tier="Gold", loyalty_points=1200)
    hotel.hears(lisbon(), there, stay("LIS-000001", arrival=date(2016, 1, 1), departure=date(2016, 1, 3)))
    hotel.hears(birthday(property="LIS"))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "missing_value")]  # nobody said which telephone or room
    told = lisbon(phone="+351 21 000 0000", booking_url="https://book.example/?c={code}")
    last = stay("LIS-000001", arrival=date(2016, 1, 1), departure=date(2016, 1, 3), room_type="Suite", guests=2)
    for one in (told, last):  # with the version that is known already
        hotel.hear_at(MONDAY, chunk_of([one], republished=True))
    hotel.hears(birthday(property="LIS", plan=2))
    hotel.runs()
    assert isinstance(hotel.provider, Provider)
    (sent,) = hotel.provider.taken
    assert "Gold 1,200 13 June Suite +351 21 000 0000 Rua das Flores 1" in sent.text
    assert "https://book.example/ no name" in sent.text


def publish(hotel: Hotel, written: dict[str, Any]) -> None:
    with hotel.database.transaction() as tx:
        publish_template(tx, written, at=MONDAY, by="Marta")
