"""What a guest opens from the message: code, pictures, terms; no cookie, 30 kB, six languages, nothing by a guess."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import timedelta

import pytest

from services.messaging.config import Config
from services.messaging.pages.offers.guest import words as guests_words
from services.messaging.rules.offers.barcode import MODULE, QUIET, STOP, WIDTHS, barcode_png, can_be_barred
from services.messaging.service import SERVICE
from shared.crypto.signing import LinkSigner
from shared.events.segments.guests import GuestErased
from shared.vocabulary.offer import OfferKind
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider
from tests.messaging.offers.offering import message, move_in, offer, template
from tests.messaging.offers.test_redeeming import line, use
from tests.web import Browser, browser, words


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def visitor(hotel: Hotel, **more: timedelta) -> Browser:
    return browser(SERVICE.build_web, Config(), hotel.database, None, at=MONDAY + more.get("after", timedelta(0)))


def sent(hotel: Hotel, kind: OfferKind = OfferKind.UNIQUE, **more: object) -> str:
    """The path of the page in the mail that Ana got."""
    key = offer(hotel, kind, count=2 if kind is OfferKind.UNIQUE else 0, **more)
    move_in(hotel, ANA)
    mail = ["{{ offer.code }}", {"button": {"label": "See it", "link": "links.offer"}}, "{{ links.offer_qr }}"]
    template(hotel, key, body=mail)
    hotel.hears(message(ANA))
    hotel.runs()
    assert isinstance(hotel.provider, Provider)
    found = re.search(r"https?://[^/]+(/messaging/offer/[^\s/]+)/qr\.png", hotel.provider.taken[-1].text)
    assert found
    return found[1]


def read_bars(png: bytes) -> str:
    """A reader of Code 128, set B: from the dots of a picture to the text."""
    data = png[png.index(b"IDAT") + 4 :]
    (size,) = struct.unpack(">I", png[16:20])
    row = zlib.decompress(data)[1 : 1 + (size + 7) // 8]
    dots = "".join(f"{byte:08b}" for byte in row)[:size]
    modules = dots[::MODULE].strip("1")
    assert dots[: QUIET * MODULE] == "1" * QUIET * MODULE
    widths = "".join(str(len(run[0])) for run in re.finditer(r"0+|1+", modules))
    values = [WIDTHS.index(widths[at : at + 6]) for at in range(0, len(widths) - 7, 6)]
    assert widths[-7:] == WIDTHS[STOP]
    *given, check = values
    assert (given[0] + sum(place * value for place, value in enumerate(given))) % 103 == check
    return "".join(chr(value + 32) for value in given[1:])


def test_a_guest_sees_code_terms_and_pictures_without_a_cookie(hotel: Hotel) -> None:
    path = sent(hotel, ends_on="2016-12-31", brand="Spa Azul")
    answer = visitor(hotel).get(path)
    code = hotel.one("select shown from offer_taken join offer_code using (code)")
    said = words(answer)
    for part in ("Winter", "15%", code, "Once a stay, at the desk.", "Valid until December 31, 2016", "Spa Azul"):
        assert part in said
    assert "Set-Cookie" not in answer.headers and len(answer.data) < 30_000
    for name in ("qr.png", "barcode.png"):
        picture = visitor(hotel).client.get(f"{path}/{name}")
        assert picture.data.startswith(b"\x89PNG") and picture.content_type == "image/png"
        assert "private" in picture.headers["Cache-Control"] and len(picture.data) < 10_000
    assert read_bars(visitor(hotel).client.get(f"{path}/barcode.png").data) == code


@pytest.mark.parametrize("text", ["7KGM-XW4P-9TCA", "WINTER26", "Spa-001/+#*&@"])
def test_a_barcode_reads_as_its_code(text: str) -> None:
    assert read_bars(barcode_png(text)) == text


def test_the_bars_of_every_sign_are_another_and_as_wide() -> None:
    assert len(set(WIDTHS)) == len(WIDTHS) == 107
    assert all(sum(map(int, one)) == 11 for one in WIDTHS[:-1]) and sum(map(int, WIDTHS[-1])) == 13


def test_a_word_in_chinese_has_no_barcode_and_the_page_none(hotel: Hotel) -> None:
    path = sent(hotel, OfferKind.WORD, word="冬季优惠")
    assert not can_be_barred("冬季优惠")
    page = visitor(hotel).get(path).get_data(as_text=True)
    assert "冬季优惠" in page and "barcode.png" not in page
    assert visitor(hotel).client.get(f"{path}/barcode.png").status_code == 404
    assert visitor(hotel).client.get(f"{path}/qr.png").status_code == 200


def test_a_forged_link_and_one_of_another_purpose_get_the_kind_page(hotel: Hotel) -> None:
    path = sent(hotel)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    other = LinkSigner.of(hotel.keyring).sign("unsubscribe", message(ANA).message_id)
    for bad in (forged, f"/messaging/offer/{other}"):
        answer = visitor(hotel).get(bad)
        assert answer.status_code == 404 and "This link is not complete" in words(answer)
        assert visitor(hotel).get(f"{bad}/qr.png").status_code == 404


def test_a_used_code_and_an_offer_that_is_over_say_so_and_show_no_code(hotel: Hotel) -> None:
    path = sent(hotel, ends_on="2016-06-30")
    over = words(visitor(hotel, after=timedelta(days=60)).get(path))
    code = hotel.one("select shown from offer_taken join offer_code using (code)")
    assert "This offer has ended." in over and code not in over
    use(hotel, line(code))
    used = words(visitor(hotel).get(path))
    assert "Used on June 6, 2016. Thank you." in used and code not in used


def test_an_erased_guests_page_is_gone(hotel: Hotel) -> None:
    path = sent(hotel)
    hotel.hears(GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY))
    assert visitor(hotel).get(path).status_code == 404
    assert visitor(hotel).client.get(f"{path}/qr.png").status_code == 404


def test_the_page_speaks_every_language_of_guests_with_the_same_words(hotel: Hotel) -> None:
    assert set(guests_words()) == set(GUEST_LANGUAGES)
    assert len({frozenset(texts) for texts in guests_words().values()}) == 1
    path = sent(hotel)
    assert "您的代码" in words(visitor(hotel).get(f"{path}?in=zh-Hans"))
