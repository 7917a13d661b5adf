"""The pages that a template links to, asked on a button: what is there, what is not, what nobody may be asked for."""

from __future__ import annotations

from ipaddress import ip_network

from services.messaging.commands.templates.publish import publish_template
from services.messaging.config import Config
from services.messaging.service import SERVICE
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import house
from tests.outgoing.peers import peer
from tests.web import browser, words

PAGE = "/messaging/templates/birthday"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
NO_HEAD = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"


def published(hotel: Hotel, *links: str) -> None:
    body = [f"See {link} now" for link in links]
    written = {"key": "birthday", "name": "b", "purpose": "marketing"}
    with hotel.database.transaction() as tx:
        publish_template(tx, written | {"locales": {"en": {"email": {"subject": "A", "body": body}}}}, at=NOW, by="m")


def test_each_page_is_asked_once_and_told_no_value_of_a_guest(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    with peer() as there, peer(MISSING) as gone, peer(NO_HEAD) as heedless:
        published(hotel, there.url() + "?h={{ guest.greeting }}&a=1", there.url() + "?a=1", gone.url(), heedless.url())
        config = Config(networks=(ip_network("127.0.0.0/8"),))
        marta = browser(SERVICE.build_web, config, hotel.database, MARTA)
        assert "Ask whether the pages are there" in words(marta.get(PAGE))
        text = words(marta.post(f"{PAGE}/links/check"))
    assert f"{there.url()}?a=1 The page is there." in text and f"{gone.url()} There is no such page (404)." in text
    assert "None of them answered." not in text
    assert f"{heedless.url()} The page answers with 405" in text
    assert [asked.split(b" HTTP")[0] for asked in there.heard] == [b"HEAD /hook?a=1"]
    assert [asked.split(b" ")[0] for asked in heedless.heard] == [b"HEAD", b"GET"]


def test_what_is_inside_the_house_is_not_asked(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    with peer() as inside:
        published(hotel, inside.url())
        marta = browser(SERVICE.build_web, Config(), hotel.database, MARTA)
        marta.get(PAGE)
        text = words(marta.post(f"{PAGE}/links/check"))
        assert "The address is not public" in text and "None of them answered." in text
    assert inside.heard == []
