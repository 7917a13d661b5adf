"""A picture goes with an answer: chosen on the page, told to messaging, seen by the guest, gone with them."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from services.feedback.config import Config
from services.feedback.rules.inbox import LARGEST_PICTURE
from services.feedback.service import SERVICE
from services.messaging.config import Config as MessagingConfig
from services.messaging.service import SERVICE as MESSAGING
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.events.segments.guests import GuestErased
from tests.cast import ADDRESS, ANA, ANTON, DINA, NOW, WEI
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback
from tests.feedback.inbox import writes
from tests.feedback.test_pages_inbox import hidden, path
from tests.messaging.hotel import Hotel, Provider, email, guest, lisbon, mobile
from tests.web import Browser, browser, words

WAY = "A map: left at the <bakery> & up"
CANNED = "/feedback/inbox/canned"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def as_dina(feedback: Feedback) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, DINA)


def map_of(colour: str = "red", kind: str = "JPEG") -> tuple[BytesIO, str]:
    exif = Image.Exif()
    exif[0x010F] = "Quartz Camera"
    made = BytesIO()
    Image.new("RGB", (30, 20), colour).save(made, kind, exif=exif)
    return BytesIO(made.getvalue()), f"map.{kind.lower()}"


def asks(feedback: Feedback, channel: str) -> None:
    writes(feedback, "Where are you?", channel=channel, number=ADDRESS if channel == "email" else NUMBER, at=NOW)


def answers(hers: Browser, feedback: Feedback, channel: str, text: str = "Here.", **more: Any) -> Any:
    page = hers.get(path(feedback))
    values = {"answer": hidden(page, "answer"), "seen": hidden(page, "seen"), "channel": channel, "words": text}
    return hers.post(path(feedback, "/answers"), {**values, **more})


def hotel_of(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), guest(points=points))
    return hotel


def pass_on(feedback: Feedback, hotel: Hotel) -> Any:
    """What the page published is heard, twice; what was sent of it."""
    told = [one.chunk for one in feedback.outbox() if one.name == "reply.answered.v1"]
    for chunk in [*told, *told]:
        hotel.hear_at(NOW, chunk)
    hotel.runs(NOW)
    assert isinstance(hotel.provider, Provider)
    (sent,) = hotel.provider.taken
    return sent


def test_the_guest_sees_it_without_a_sign_in_until_they_are_erased(
    feedback: Feedback, make_database: MakeDatabase
) -> None:
    asks(feedback, "email")
    hers = as_dina(feedback)
    assert "on its way" in words(answers(hers, feedback, "email", picture=map_of(), alt=WAY))
    hotel = hotel_of(make_database)
    mail = pass_on(feedback, hotel)
    link = re.search(r'<img[^>]*alt="A map: left at the &lt;bakery&gt; &amp; up"[^>]*src="([^"]+)"', mail.html)
    assert link and mail.html.index("Here.") < link.start()
    assert WAY in mail.text and link[1] in mail.text
    stranger = browser(MESSAGING.build_web, MessagingConfig(), hotel.database, None)
    there = "/messaging/" + link[1].partition("/messaging/")[2]
    seen = stranger.client.get(there)
    with Image.open(BytesIO(seen.data)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (30, 20), {})
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert stranger.get(there[:-1] + "x").status_code == 404

    page = hers.get(path(feedback)).get_data(as_text=True)
    on_page = re.search(r'<img src="(/feedback/inbox/[^"]+/picture)" alt="A map', page)
    assert on_page and hers.client.get(on_page[1]).data == seen.data
    for who, status in ((ANTON, 403), (WEI, 404)):
        assert browser(SERVICE.build_web, Config(), feedback.database, who).get(on_page[1]).status_code == status

    feedback.erased(ANA, 99)
    hotel.hears(GuestErased(guest_id=ANA, version=99, occurred_at=NOW))
    assert stranger.get(there).status_code == 404
    assert hotel.all("select * from answer_picture") == []
    assert feedback.all("select picture_sealed, picture_alt_sealed from thread_answer") == [(None, None)]


def test_a_canned_answer_brings_its_own_and_a_text_message_a_link(
    feedback: Feedback, make_database: MakeDatabase
) -> None:
    asks(feedback, "sms")
    hers = as_dina(feedback)
    page = hers.get(CANNED)
    values = {"id": hidden(page, "id"), "version": "0", "name": "The way", "hotel": "LIS", "text_en": "Left."}
    assert "no picture that" in words(hers.post(CANNED, {**values, "picture": (BytesIO(b"x" * 99), "x.jpg")}))
    hers.get(CANNED)
    hers.post(CANNED, {**values, "picture": map_of("blue", "PNG")})
    hers.get(path(feedback))
    filled = hers.post(path(feedback, "/canned"), {"canned": values["id"], "channel": "sms", "picture": map_of()})
    assert hidden(filled, "canned_picture") == values["id"] and "Left." in filled.get_data(as_text=True)
    shown = hers.client.get(f"{CANNED}/{values['id']}/picture")
    assert shown.content_type == "image/png"

    long = answers(hers, feedback, "sms", "x" * 1500, canned_picture=values["id"])
    assert long.status_code == 422 and "1,400 beside a picture" in words(long)
    assert hidden(long, "canned_picture") == values["id"]
    answers(hers, feedback, "sms", "Left.", canned_picture=values["id"])
    (told,) = feedback.published("reply.answered.v1")
    keyring = feedback.database.keyring
    assert b64decode(keyring.open(Sealed(told["picture"]), Sealing.ANSWER)) == shown.data
    assert keyring.open(Sealed(told["picture_alt"]), Sealing.ANSWER) == "The way"
    sent = pass_on(feedback, hotel_of(make_database))
    assert re.search(r" Left\. \S+/messaging/answer/\S{66}$", sent.text), sent.text

    hers.post(CANNED, {**values, "version": "1", "bare": "1"})
    assert hers.get(f"{CANNED}/{values['id']}/picture").status_code == 404


def test_the_largest_picture_with_the_longest_words_fits_into_an_event(feedback: Feedback) -> None:
    keyring = feedback.database.keyring
    assert len(keyring.seal("x" * (4 * LARGEST_PICTURE // 3), Sealing.ANSWER)) < 300_000
