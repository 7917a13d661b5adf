"""A partner's offer says whose it is: on its page, on its card in a mail, and where the guest opens it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sender import Outgoing
from services.messaging.commands.pictures.library import StillShown, remove_picture
from services.messaging.library.contrast import faint_letters
from services.messaging.library.offers import offer_words
from services.messaging.queries.messages import as_sent
from services.messaging.rules.offers.offer import offer_of
from services.messaging.store.templates.pictures import Place
from shared.vocabulary.offer import OfferKind
from tests.cast import ANA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, Provider, lisbon
from tests.messaging.offers.offering import message, move_in, offer, template, written
from tests.messaging.offers.test_guest_page import visitor
from tests.messaging.offers.test_pages import FORM, LIST, WINTER, looking
from tests.messaging.test_blocks import Read, rendered
from tests.messaging.test_pictures import BY, shelf
from tests.messaging.words import LANGUAGES
from tests.web import words

SPA, BLUE, PALEST = "Spa <Azul>", "#1f4e79", "#6f6f6f"
FILE = "5" * 64 + ".png"
SAID = {
    "en": "An offer of Spa <Azul>",
    "zh-Hans": "Spa <Azul>提供的优惠",
    "pt": "Uma oferta de Spa <Azul>",
    "es": "Una oferta de Spa <Azul>",
    "fr": "Une offre de Spa <Azul>",
    "de": "Ein Angebot von Spa <Azul>",
}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    database = make_database("messaging")
    made = Hotel(database, KeepingSender(database, Provider()))
    made.hears(lisbon())
    return made


def logo_of(hotel: Hotel, name: str = "spa azul") -> str:
    shelf(hotel, (0, 0, 200), Place(), name)
    return f"{hotel.one('select sha from picture')}.png"


def shown(language: str = "en", **partner: Any) -> tuple[str, str]:
    """A mail's page and text with the card of such an offer."""
    kept = offer_of("winter", "live", "word", written(**partner))
    mail = rendered({"offer": {"shows": []}}, language=language, offer=offer_words(kept, language, "WINTER26"))
    return mail.html or "", mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_says_in_each_language_whose_offer_it_is(language: str) -> None:
    page, text = shown(language, brand=SPA, colour=BLUE, logo=FILE)
    assert SAID[language] in Read(page).words and text.splitlines().count(SAID[language]) == 1
    assert f"background-color:{BLUE}" in page
    assert Read(page).all_of("img", "src") == [f"https://go.alfama.example/p/{FILE}"]


def test_a_card_without_logo_or_colour_has_no_gap_and_one_of_the_house_says_nothing() -> None:
    page, _ = shown(brand=SPA)
    assert Read(page).all_of("img", "src") == [] and "background-color:#26231e" in page
    own, text = shown()
    assert "An offer of" not in own and "An offer of" not in text and "background-color:#26231e" not in own


@pytest.mark.parametrize("colour", [None, BLUE, PALEST, "#000000"])
def test_whose_it_is_can_be_read_by_day_and_in_the_dark(colour: str | None) -> None:
    assert faint_letters(shown(brand=SPA, colour=colour)[0]) == ()


def test_the_mail_a_guest_gets_wears_the_partners_colour_and_logo_and_is_kept_so(hotel: Hotel) -> None:
    logo = logo_of(hotel)
    key = offer(hotel, OfferKind.WORD, word="WINTER26", brand=SPA, colour=BLUE, logo=logo)
    move_in(hotel, ANA)
    template(hotel, key, body=["{{ guest.greeting }},", {"offer": {"shows": []}}])
    hotel.hears(message(ANA))
    hotel.runs()
    mail = sent_by(hotel)
    assert mail.copy is not None, "it is a copy of a sheet, as every mail"
    pictures = Read(mail.html).all_of("img", "src")
    assert SAID["en"] in mail.text and BLUE in (mail.html or "")
    assert [one for one in pictures if one and one.endswith(f"/messaging/picture/{logo}")]
    with hotel.database.transaction() as tx:
        kept = as_sent(tx, mail.message_id)
    assert kept is not None and (kept.text, kept.page) == (mail.text, mail.html)


def sent_by(hotel: Hotel) -> Outgoing:
    assert isinstance(hotel.provider, KeepingSender) and isinstance(hotel.provider.sender, Provider)
    (mail,) = hotel.provider.sender.taken
    return mail


def test_a_marketer_chooses_a_logo_of_the_library_and_sees_it_on_the_offers_page(hotel: Hotel) -> None:
    logo, marta = logo_of(hotel), looking(hotel, MARTA)
    assert logo in marta.get(f"{LIST}/new").get_data(as_text=True)
    answer = marta.post(f"{LIST}/new", {**FORM, "brand": SPA, "colour": "1F4E79", "logo": logo})
    page = answer.get_data(as_text=True)
    assert SPA in words(answer) and BLUE in page and f"/messaging/picture/{logo}" in page
    edit = marta.get(f"{WINTER}/edit").get_data(as_text=True)
    assert f'value="{logo}" checked' in edit and f'value="{BLUE}"' in edit


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"brand": SPA, "colour": "blue"}, "Write a colour as #1f4e79."),
        ({"brand": SPA, "colour": "#ffe08a"}, "White words cannot be read on this colour."),
        ({"colour": BLUE}, "Name the partner whose colour or logo this is."),
        ({"brand": SPA, "logo": FILE}, "This picture is not in the library any more."),
    ],
)
def test_what_cannot_be_shown_is_refused_at_its_field(hotel: Hotel, wrong: dict[str, str], told: str) -> None:
    marta = looking(hotel, MARTA)
    marta.get(f"{LIST}/new")
    answer = marta.post(f"{LIST}/new", {**FORM, **wrong})
    assert answer.status_code == 422 and told in words(answer)
    assert hotel.one("select count(*) from offer") == 0


def test_a_logo_stays_as_long_as_an_offer_has_it(hotel: Hotel) -> None:
    logo, marta = logo_of(hotel), looking(hotel, MARTA)
    offer(hotel, OfferKind.WORD, word="WINTER26", brand=SPA, logo=logo)
    library_id = hotel.one("select library_id from library_picture")
    page = words(marta.get(f"/messaging/pictures/{library_id}"))
    assert "Winter the logo of its partner" in page and "Delete the picture" not in page
    with pytest.raises(StillShown), hotel.database.transaction() as tx:
        remove_picture(tx, library_id, NOW, by=BY)


def test_the_guests_page_of_the_offer_shows_the_logo(hotel: Hotel) -> None:
    logo = logo_of(hotel)
    key = offer(hotel, OfferKind.WORD, word="WINTER26", brand=SPA, colour=BLUE, logo=logo)
    move_in(hotel, ANA)
    template(hotel, key, body=["{{ links.offer }}"])
    hotel.hears(message(ANA))
    hotel.runs()
    page = next(one for one in sent_by(hotel).text.split() if "/messaging/offer/" in one)
    answer = visitor(hotel).get(urlsplit(page).path)
    assert SAID["en"] in words(answer) and f"/messaging/picture/{logo}" in answer.get_data(as_text=True)
