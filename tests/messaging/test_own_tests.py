"""A template sent to oneself: by the real sender, to the address the house knows, marked, counted and forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.messaging.commands.templates.own_tests import MOST_A_DAY
from services.messaging.commands.templates.publish import publish_template
from services.messaging.notices_role import NoticesRole
from shared.crypto.purposes import Sealing
from shared.events.console import NoticeRequested
from shared.events.dictionary import chunk_of
from shared.events.segments.guests import GuestErased
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.reason import Reason
from tests.cast import ANA, DINA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, Provider
from tests.messaging.pages_cast import house, looking
from tests.web import Browser, words

PAGE, PATH = "/messaging/templates/birthday", "/messaging/templates/birthday/own-tests"
SPA = "https://hotel.example/spa"
LOCALE = {"email": {"subject": "Come", "body": ["{{ guest.greeting }},", f"See {SPA}."]}, "sms": {"text": f"See {SPA}"}}


class Desk:
    """Marta at a house that really sends."""

    def __init__(self, hotel: Hotel, **providers: Provider) -> None:
        self.hotel = hotel
        self.role = NoticesRole(hotel.database, hotel.config, providers)
        with hotel.database.transaction() as tx:
            written: dict[str, Any] = {"key": "birthday", "name": "Hello <b>", "purpose": "marketing"}
            written["locales"] = {"en": LOCALE, "de": LOCALE}
            publish_template(tx, written, at=NOW, by="marta")
        self.works()
        self.marta: Browser = looking(hotel, MARTA)

    def asks(self, channel: str = "email", language: str = "en", **more: Any) -> str:
        self.marta.get(PAGE)
        return words(self.marta.post(PATH, {"channel": channel, "language": language, **more}))

    def asked(self) -> list[dict[str, Any]]:
        return self.hotel.published("test.requested.v1")

    def hears_where(self, *, language: str = "en", at: Any = NOW) -> None:
        """What console or feedback answer."""
        seal, to = self.hotel.database.keyring.seal, {"email": "marta@casa.example.com", "sms": "+351920000001"}
        notices = [
            NoticeRequested(
                notice_id=UUID(one["test_id"]),
                version=1,
                kind=NoticeKind.TEMPLATE_TEST,
                channel=Channel(one["channel"]),
                address=seal(to[one["channel"]], Sealing.NOTICE),
                language=language,
                link=None,
                page=None,
                details={"name": "Marta Marques"},
                useful_until=NOW + timedelta(minutes=30),
                occurred_at=NOW,
            )
            for one in self.asked()
        ]
        self.hotel.hear_at(at, chunk_of(notices))

    def works(self, at: Any = NOW) -> None:
        while self.role.step(at):
            pass


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def desk(make_database: MakeDatabase, provider: Provider) -> Desk:
    return Desk(house(make_database("messaging")), email=provider, sms=provider)


def test_it_goes_to_ones_own_address_as_a_guest_would_get_it_and_says_that_it_is_a_test(
    desk: Desk, provider: Provider
) -> None:
    assert "It is on its way to you." in desk.asks(guest=str(ANA), to="somebody@elsewhere.example")
    (asked,) = desk.asked()
    assert asked["person_id"] == str(MARTA.person_id) and "elsewhere" not in str(asked)
    assert "no address of yours is known yet" in words(desk.marta.get(PAGE))
    for _ in range(2):  # heard twice
        desk.hears_where()
        desk.works()
    (mail,) = provider.taken
    assert (mail.to, mail.subject, mail.from_name) == ("marta@casa.example.com", "[Test] Come", "Casa do Rio")
    assert "Silva" in mail.text and f"See {SPA}." in mail.text and "/l/" not in mail.text
    assert mail.text.startswith("Test of «Hello <b>» (en), asked for by Marta Marques.")
    assert "<body" in (mail.html or "") and "Test of «Hello &lt;b&gt;»" in (mail.html or "")
    assert mail.unsubscribe_url is None
    assert "sent" in words(desk.marta.get(PAGE))
    assert desk.hotel.all("select words_sealed, guest_id from template_test") == [(None, ANA)]
    (audited,) = desk.hotel.published("audit.recorded.v1")
    assert audited["action"] == "template.tested" and audited["details"]["guest"] == str(ANA)


def test_a_text_message_and_a_chinese_colleague(desk: Desk, provider: Provider) -> None:
    desk.asks("sms")
    desk.hears_where(language="zh-Hans")
    desk.works()
    (text,) = provider.taken
    assert text.to == "+351920000001" and text.text.startswith("测试: ") and SPA in text.text and text.subject == ""


def test_all_languages_are_as_many_messages_and_a_draft_is_tried_before_it_is_published(
    desk: Desk, provider: Provider
) -> None:
    desk.asks(language="all")
    assert len(desk.asked()) == 2
    desk.marta.get(f"{PAGE}/edit")
    typed = {"name": "Hello", "subject": "Drafted", "preview": "", "body": "Hi", "text": "", "language": "en"}
    desk.marta.post(f"{PAGE}/edit", {**typed, "draft_version": 1})
    assert "Send it to yourself: E-mail" in words(desk.marta.get(f"{PAGE}/edit"))
    desk.asks(draft="true")
    desk.hears_where()
    desk.works()
    assert sorted(mail.subject for mail in provider.taken) == ["[Test] Come", "[Test] Come", "[Test] Drafted"]


def test_a_day_has_so_many_tests_for_each_colleague(desk: Desk) -> None:
    for _ in range(MOST_A_DAY // 2):
        desk.asks(language="all")
    assert "that is enough" in desk.asks()
    assert len(desk.asked()) == MOST_A_DAY


def test_where_nothing_is_really_sent_no_test_is(make_database: MakeDatabase) -> None:
    desk = Desk(house(make_database("messaging")))
    assert "Nothing is really sent from this installation yet" in words(desk.marta.get(PAGE))
    assert "Nothing is really sent on this channel" in desk.asks()
    assert desk.asked() == [] and desk.hotel.one("select count(*) from template_test") == 0


def test_one_that_comes_too_late_is_not_sent_and_its_words_go(desk: Desk, provider: Provider) -> None:
    desk.asks()
    desk.hears_where()
    desk.works(NOW + timedelta(hours=1))
    assert provider.taken == []
    assert desk.hotel.one("select count(*) from template_test where words_sealed is not null") == 0
    assert "it would have come too late" in words(desk.marta.get(PAGE))


def test_a_refusal_is_told(make_database: MakeDatabase) -> None:
    refusing = Provider(MessageState.FAILED, reason=Reason.BAD_ADDRESS)
    desk = Desk(house(make_database("messaging")), email=refusing)
    desk.asks()
    desk.hears_where()
    desk.works()
    assert "nobody is reached at this address or number" in words(desk.marta.get(PAGE))


def test_what_was_written_as_a_guest_goes_with_the_guest(desk: Desk) -> None:
    desk.asks(guest=str(ANA))
    desk.hotel.hears(GuestErased(guest_id=ANA, version=5, occurred_at=NOW))
    assert desk.hotel.one("select count(*) from template_test") == 0


def test_only_who_configures_may(desk: Desk) -> None:
    dina = looking(desk.hotel, DINA)
    assert dina.post(PATH, {"channel": "email", "language": "en"}).status_code in (400, 403)
    assert desk.asked() == []
