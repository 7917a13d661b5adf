"""A template before it is published: who lacks what, all languages side by side, a colleague's words and their word."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.messaging.commands.templates.drafts import publish_draft
from services.messaging.library.documents import read_template
from services.messaging.library.needs import Instead, needs
from services.messaging.queries.templates.audience import LACKING, audience
from services.messaging.store.templates.journey_uses import entries, uses_of
from services.messaging.wording.values import KNOWN
from shared.access.people import Person
from shared.access.scope import EVERYWHERE
from shared.events.campaigns import JourneyEnded, JourneyLaunched
from shared.events.segments.audiences import AudienceListed
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from tests.cast import ADA, ANA, ANTON, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, email, guest
from tests.messaging.pages_cast import house, looking
from tests.messaging.test_pages_templates import PAGE, write
from tests.messaging.words import document
from tests.web import Browser, words

HOME = "/messaging/home"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


@pytest.fixture
def marta(hotel: Hotel) -> Browser:
    return looking(hotel, MARTA)


def test_a_text_says_what_it_needs_and_the_worst_that_becomes_of_who_lacks_it() -> None:
    text = "{{ guest.first_name | default('guest') }} {% if guest.tier is defined %}!{% endif %} {{ guest.points }}"
    shown = {"text": {"text": "{{ guest.title }}"}, "when": [{"of": "guest.country", "is": "known"}]}
    read = {one.value: one for one in needs(read_template(document(body=[text, shown]), version=1))}
    instead = {value: one.instead for value, one in read.items()}
    assert instead == {
        "guest.first_name": Instead.WORDS,
        "guest.tier": Instead.ANOTHER,
        "guest.points": Instead.NO_MESSAGE,
        "guest.title": Instead.NO_BLOCK,
    }
    assert read["guest.first_name"].words == "guest"


def test_the_audience_is_who_may_be_written_to_and_every_value_is_counted_of_each_purpose(hotel: Hotel) -> None:
    hotel.hears(guest(ANA, version=2, given_name="", points=[email(hotel.keyring, "ana@example.com")]))
    assert set(LACKING) <= set(KNOWN)
    with hotel.database.transaction() as tx:
        for purpose in Purpose:
            audience(tx, purpose, Channel.EMAIL, LACKING, NOW.date(), EVERYWHERE)
        found = audience(tx, Purpose.MARKETING, Channel.EMAIL, ["guest.first_name"], NOW.date(), EVERYWHERE)
    assert found.guests == Counter(en=2)  # Ben never agreed
    assert found.lacking == {"guest.first_name": Counter(en=1)}


def test_publishing_says_what_is_missing_for_how_many(marta: Browser, hotel: Hotel) -> None:
    hotel.hears(guest(ANA, version=2, tier="Gold", points=[email(hotel.keyring, "ana@example.com")]))
    body = '{{ guest.greeting }}, {{ guest.tier | default("friend") }}'
    write(marta, body=body)
    told = words(marta.get(f"{PAGE}/audience"))
    assert "2 guests may be written to now" in told
    assert "English, E-mail: the guest's tier is missing for 1 of 2; they read «friend»." in told
    assert "is missing for 1 of 2" in write(marta, version=2, body=body, then="publish")
    beside = words(marta.get(f"{PAGE}/side-by-side?guest={ANA}"))
    assert "German" in beside and "Read as Ana Silva" in beside


def launched(entry: str, journey: str = "birthday", at: datetime = NOW) -> JourneyLaunched:
    return JourneyLaunched(
        journey=journey,
        version=1,
        segments=[entry] if entry else [],
        launched_at=at,
        by="Marta",
        name=journey.capitalize(),
        templates=["welcome"],
        entry=entry,
    )


def ended(at: datetime = NOW + timedelta(hours=1), journey: str = "birthday") -> JourneyEnded:
    return JourneyEnded(journey=journey, version=1, ended_at=at)


def members(hotel: Hotel, *guests: UUID) -> AudienceListed:
    (version,) = [body["version"][-1] for name, _, body in hotel.said() if name == "audience.wanted.v1"][-1:]
    return AudienceListed(
        segment="soon",
        version=version,
        part=1,
        parts=1,
        guests=list(guests),
        versions=[1] * len(guests),
        occurred_at=NOW,
    )


def test_once_a_journey_sends_it_only_who_is_in_its_segment_is_counted(marta: Browser, hotel: Hotel) -> None:
    page = f"{PAGE}/audience"
    assert "No journey that runs sends it" in words(marta.get(page))
    hotel.hears(launched("soon"))
    assert "Who is in the segments of «Birthday» is being told" in words(marta.get(page))
    hotel.hears(members(hotel, ANA), launched("soon"))  # and the launch once more
    shown = words(marta.get(page))
    assert "Guests of «Birthday»: who is in their segments today. E-mail: 1 guest may be written to now" in shown
    hotel.hears(launched("", "welcome"))
    shown = words(marta.get(page))
    assert "Sent by «Birthday», «Welcome», for which no segment is needed" in shown and "2 guests may be" in shown


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ([launched("soon"), ended()], False),
        ([ended(), launched("soon")], False),  # late
        ([launched("soon"), ended(), launched("soon", at=NOW + timedelta(hours=2)), ended()], True),  # and again
        ([launched("soon", at=NOW + timedelta(hours=2)), launched("later"), ended()], True),
        ([launched("soon"), ended(journey="welcome")], True),
    ],
)
def test_a_journey_that_ended_counts_no_more(hotel: Hotel, said: list[Any], asked: bool) -> None:
    for each in said:
        hotel.hears(each)
    with hotel.database.transaction() as tx:
        assert [use.entry for use in uses_of(tx, "welcome")] == ["soon"] * asked
        assert entries(tx) == ({"soon"} if asked else set())
    assert hotel.one("select count(*) from segment_used where used") == int(asked)


def test_a_draft_is_published_once_another_colleague_approved_it_as_it_stands(marta: Browser, hotel: Hotel) -> None:
    ada, anton = looking(hotel, ADA), looking(hotel, ANTON)
    ada.get("/messaging/template-rules")
    ada.post("/messaging/template-rules", {"needs_approval": "on"})
    write(marta)
    assert "has to approve this version first" in write(marta, version=2, then="publish")
    approval = f"{PAGE}/approval"
    marta.get(f"{PAGE}/edit")
    assert "It is asked" not in words(marta.post(approval, {"draft_version": "2"}))  # it is at 3 by now
    marta.post(approval, {"draft_version": "3"})
    assert "cannot approve it" in words(marta.post(f"{approval}/grant", {"draft_version": "3"}))
    assert any("asks you to approve" in need["text"] for need in ada.get(HOME).get_json()["needs"])
    assert not any("asks you to approve" in need["text"] for need in marta.get(HOME).get_json()["needs"])
    ada.get(f"{PAGE}/edit")
    assert "Approved" in words(ada.post(f"{approval}/grant", {"draft_version": "3"}))
    assert anton.get(f"{PAGE}/edit").status_code == 403
    write(marta, version=3, subject="Another word")  # which nobody approved
    assert "has to approve" in write(marta, version=4, then="publish")
    marta.post(approval, {"draft_version": "5"})
    ada.post(f"{approval}/grant", {"draft_version": "5"})
    by = Person(MARTA.person_id, MARTA.name, MARTA.role, frozenset())
    with hotel.database.transaction() as tx:
        publish_draft(tx, "welcome", by=by, at=NOW)
    assert "approved by Ada Azevedo" in words(marta.get(PAGE))


def test_a_comment_stands_until_somebody_resolves_it(marta: Browser, hotel: Hotel) -> None:
    ada = looking(hotel, ADA)
    write(marta)
    ada.get(f"{PAGE}/edit")
    said = {"language": "en", "about": "Come and see us.", "words": "A little shorter?"}
    for _ in range(2):
        page = ada.post(f"{PAGE}/comments", said)
    assert "1 open comment" in words(page) and "on «Come and see us.»" in words(page)
    assert any("open comment" in need["text"] for need in marta.get(HOME).get_json()["needs"])
    number = hotel.one("select comment_id from template_comment")
    marta.get(f"{PAGE}/edit")
    assert "resolved by Marta Marques" in words(marta.post(f"{PAGE}/comments/{number}/resolution"))
    assert marta.post(f"{PAGE}/comments/{number}/resolution").status_code == 404
    assert "2,000 characters" in words(ada.post(f"{PAGE}/comments", {**said, "words": ""}))
