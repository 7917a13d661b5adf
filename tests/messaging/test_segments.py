"""A block that only guests of a segment read: who is in it is known before anything is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from services.messaging.commands.sending.results import note_restored
from services.messaging.commands.templates.publish import publish_template
from services.messaging.config import Config
from services.messaging.library.segments import segments_in
from services.messaging.service import SERVICE
from services.messaging.wording.conditions import ConditionSchema, read_condition
from shared.events.segments.audiences import AudienceChanged, AudienceListed
from shared.ids import make_id
from shared.web.config import WebConfig
from tests.cast import ANA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon
from tests.messaging.neighbour import Neighbour, neighbouring
from tests.messaging.words import document
from tests.web import browser, words

FAMILIES = {"of": "guest.segment", "is": "one_of", "to": ["families"]}
WEI = make_id("guest", "wei")
LATER = MONDAY + timedelta(minutes=6)


@pytest.mark.parametrize(
    ("comparison", "inside", "holds"),
    [
        ("one_of", {"families", "gold"}, True),
        ("one_of", {"gold"}, False),
        ("one_of", set[str](), False),
        ("none_of", {"families"}, False),
        ("none_of", {"gold"}, True),
        ("none_of", set[str](), True),
    ],
)
def test_a_guest_in_no_segment_is_in_none_of_them(comparison: str, inside: set[str], holds: bool) -> None:
    condition = read_condition(ConditionSchema().load({**FAMILIES, "is": comparison}))
    assert condition.holds({"guest.segment": frozenset(inside)}) is holds


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"), Provider())
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]))
    hotel.hears(guest(WEI, points=[email(hotel.keyring, "wei@example.com")]))
    return hotel


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with neighbouring() as found:
        yield found


def publish(hotel: Hotel, *when: dict[str, Any]) -> None:
    shown = {"text": {"text": "A cot is waiting."}, "when": list(when)}
    written = {**document(body=["{{ guest.greeting }}", shown]), "key": "birthday"}
    with hotel.database.transaction() as tx:
        publish_template(tx, written, at=MONDAY, by="Marta")


FIRST = int(MONDAY.timestamp()) // 60  # the version of what is asked for at that minute


def listed(part: int, parts: int, *guests: UUID, version: int = FIRST) -> AudienceListed:
    return AudienceListed(
        segment="families",
        version=version,
        part=part,
        parts=parts,
        guests=list(guests),
        versions=[2] * len(guests),
        occurred_at=MONDAY,
    )


def moved(guest_id: UUID, version: int, *, entered: bool, segment: str = "families") -> AudienceChanged:
    return AudienceChanged(
        guest_id=guest_id,
        segment=segment,
        version=version,
        entered=entered,
        initial=False,
        at=MONDAY,
        zone="Europe/Lisbon",
        because={"kind": "guest"},
    )


def test_a_message_waits_until_everybody_in_the_segment_is_known(hotel: Hotel) -> None:
    assert isinstance(hotel.provider, Provider)
    publish(hotel, FAMILIES)
    (asked,) = [body for name, _, body in hotel.said() if name == "audience.wanted.v1"]
    assert (asked["segment"], asked["wanted"]) == (["families"], [True])
    hotel.hears(birthday(), birthday(WEI))
    hotel.hears(listed(2, 2, ANA))
    hotel.runs()
    assert not hotel.provider.taken
    hotel.hears(moved(WEI, 3, entered=False), moved(ANA, 1, entered=False), moved(ANA, 9, entered=True, segment="gold"))
    hotel.hears(listed(1, 2, WEI), at=LATER)  # which was made before Wei left
    hotel.runs(LATER)
    shown = {message.to: "A cot is waiting." in message.text for message in hotel.provider.taken}
    assert shown == {"ana@example.com": True, "wei@example.com": False}
    assert hotel.one("select count(*) from guest_segment where segment = 'gold'") == 0


def test_what_no_template_asks_for_is_forgotten_and_asked_anew(hotel: Hotel) -> None:
    publish(hotel, FAMILIES)
    hotel.hears(listed(1, 1, ANA))
    publish(hotel, FAMILIES)  # nothing new
    publish(hotel)
    assert hotel.one("select count(*) from guest_segment") == 0
    publish(hotel, FAMILIES)
    hotel.hears(listed(1, 1, ANA))  # of the list asked for first
    asked = [(body["version"], body["wanted"]) for name, _, body in hotel.said() if name == "audience.wanted.v1"]
    assert asked == [([FIRST], [True]), ([FIRST + 1], [False]), ([FIRST + 2], [True])]
    assert hotel.one("select complete from segment_used") is False
    hotel.hears(listed(1, 1, ANA, version=FIRST + 2), listed(1, 1, ANA, version=FIRST + 2))
    assert hotel.one("select complete from segment_used") is True
    with hotel.database.transaction() as tx:
        note_restored(tx, LATER)  # from a backup: who entered since is not heard again
    assert hotel.one("select count(*) from guest_segment") == 0
    assert hotel.one("select version from segment_used where not complete") == FIRST + 6


def test_segments_are_found_wherever_a_condition_names_them() -> None:
    inner = {"when": [FAMILIES, {"of": "guest.country", "is": "one_of", "to": ["CN"]}], "text": {"text": "x"}}
    assert segments_in({"locales": {"en": {"email": {"body": ["x", inner]}}}}) == {"families"}


PAGE = "/messaging/templates/birthday"


def reads(answer: TestResponse) -> tuple[bool, str]:
    """Whether the block stands in the mail; what is said of it."""
    text = words(answer)
    hint = re.search(r"(counts as one of each|is not known now)", text)
    return "A cot is waiting." in text, hint[1] if hint else ""


def test_a_preview_evaluates_segments_for_a_real_guest_and_says_where_it_cannot(
    hotel: Hotel, neighbour: Neighbour
) -> None:
    """The segments' own service knows at once; without it, messaging does once the template is published and the
    members are listed."""
    body = ["{{ guest.greeting }}", {"text": {"text": "A cot is waiting."}, "when": [FAMILIES]}]
    publish(hotel)
    marta = browser(SERVICE.build_web, Config(), hotel.database, MARTA, web=WebConfig(gateway=neighbour.origin))
    marta.get(f"{PAGE}/edit")
    typed = {"language": "en", "name": "Birthday", "subject": "Soon", "blocks": json.dumps(body)}
    marta.post(f"{PAGE}/edit", {**typed, "draft_version": "1", "base": "1"})
    preview, edit = f"{PAGE}/preview?draft=1&language=en", f"{PAGE}/edit?language=en"
    assert reads(marta.get(preview))[0] and reads(marta.get(edit))[1] == "counts as one of each"
    assert reads(marta.get(f"{preview}&guest={ANA}"))[0]
    assert reads(marta.get(f"{edit}&guest={ANA}"))[1] == "is not known now"
    neighbour.answers = {
        f"/segments/segments/of/{ANA}": {"segments": ["families"]},
        f"/segments/segments/of/{WEI}": {"segments": ["gold"]},
    }
    for who, inside in ((ANA, True), (WEI, False)):
        assert reads(marta.get(f"{preview}&guest={who}"))[0] is inside
        assert reads(marta.get(f"{edit}&guest={who}"))[1] == ""
    neighbour.answers = {}
    publish(hotel, FAMILIES)
    hotel.hears(listed(1, 1, WEI))
    assert reads(marta.get(f"{preview}&guest={WEI}"))[0] and not reads(marta.get(f"{preview}&guest={ANA}"))[0]
    assert reads(marta.get(f"{edit}&guest={ANA}"))[1] == ""
