"""The pages of offers: a draft until it is live, codes with their progress, who used it, and the desk."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.vocabulary.offer import OfferKind
from tests.cast import ADA, ANA, BEN, FILIPA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, lisbon
from tests.messaging.offers.offering import add_all, message, move_in, offer, template
from tests.web import Browser, browser, words

LIST, DESK, USES = "/messaging/offers", "/messaging/offers/desk", "/messaging/offers/uses"
WINTER = "/messaging/offers/winter"
FORM: dict[str, Any] = {
    "tongues": ["en", "zh-Hans"],
    "name-en": "Winter",
    "name-zh-Hans": "冬季优惠",
    "terms-en": "Once a stay.",
    "terms-zh-Hans": "每次入住限用一次。",
    "kind": "unique",
    "worth": "amount",
    "number": "20",
    "currency": "EUR",
    "ends_on": "2016-12-31",
}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    made = Hotel(make_database("messaging"))
    made.hears(lisbon(), lisbon(code="SHA", name="Riverside House", zone="Asia/Shanghai", country="CN"))
    return made


def looking(hotel: Hotel, who: Any) -> Browser:
    return browser(SERVICE.build_web, Config(), hotel.database, who, at=MONDAY)


def given(hotel: Hotel, **more: Any) -> str:
    """The code that Ana was given."""
    offer(hotel, count=3, **more)
    move_in(hotel, ANA)
    template(hotel, "winter")
    hotel.hears(message(ANA))
    hotel.runs()
    return str(hotel.one("select shown from offer_taken join offer_code using (code)"))


def test_a_marketer_writes_an_offer_in_two_languages_and_makes_it_live(hotel: Hotel) -> None:
    marta = looking(hotel, MARTA)
    marta.get(f"{LIST}/new")
    assert "draft" in words(marta.post(f"{LIST}/new", FORM))
    assert "€20" in words(marta.get(WINTER))
    marta.post(f"{WINTER}/live")
    assert hotel.one("select state from offer") == "live"
    assert "€20" in words(marta.get(LIST))
    assert marta.get(f"{WINTER}/edit", follow_redirects=False).status_code == 303
    assert {one["action"] for one in hotel.published("audit.recorded.v1")} == {"offer.begun", "offer.live"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name-en": ""}, "Name it, in each language."),
        ({"terms-zh-Hans": ""}, "Guests read the terms"),
        ({"number": "0"}, "A number above nought."),
        ({"worth": "percent", "number": "101"}, "From 1 to 100 per cent."),
        ({"worth": "gift"}, "Say what the gift is."),
        ({"currency": "EURO"}, "A currency by its three letters"),
        ({"currency": "XQZ"}, "A currency by its three letters"),
        ({"begins_on": "2017-01-01"}, "A day, not before the first."),
        ({"kind": "word"}, "Give the word that guests say"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    hotel: Hotel, wrong: dict[str, str], told: str
) -> None:
    marta = looking(hotel, MARTA)
    marta.get(f"{LIST}/new")
    answer = marta.post(f"{LIST}/new", {**FORM, **wrong})
    assert answer.status_code == 422
    assert (told in words(answer) and "每次入住限用一次。" in answer.get_data(as_text=True)) or "terms-zh-Hans" in wrong
    assert hotel.one("select count(*) from offer") == 0


def test_a_draft_that_somebody_else_saved_meanwhile_is_not_overwritten(hotel: Hotel) -> None:
    marta = looking(hotel, MARTA)
    marta.get(f"{LIST}/new")
    marta.post(f"{LIST}/new", FORM)
    assert marta.post(f"{WINTER}/edit", {**FORM, "version": "1", "number": "30"}).status_code == 200
    late = marta.post(f"{WINTER}/edit", {**FORM, "version": "1", "number": "40"})
    assert late.status_code == 409 and "Somebody else changed this offer" in words(late)
    assert hotel.one("select document -> 'worth' ->> 'number' from offer") == "30"


def test_codes_are_ordered_once_a_form_and_their_progress_is_shown(hotel: Hotel) -> None:
    marta = looking(hotel, MARTA)
    offer(hotel)
    marta.get(WINTER)
    for _ in range(2):
        marta.post(f"{WINTER}/codes/made", {"count": "1,000", "asked": "one form"})
    shown = marta.get(f"{WINTER}/codes", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "hx-get" in shown and "0 % added" in words(marta.get(f"{WINTER}/codes"))
    add_all(hotel)
    after = marta.get(f"{WINTER}/codes", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "hx-get" not in after and "1,000" in after
    assert "A number from 1 to" in words(marta.post(f"{WINTER}/codes/made", {"count": "many"}))


def test_a_file_of_codes_is_added_and_its_wrong_lines_are_told(hotel: Hotel) -> None:
    marta = looking(hotel, MARTA)
    offer(hotel)
    marta.get(WINTER)
    file = (BytesIO(b"Code\nSPA-1\n=1+1\nSPA-2\n"), "codes.csv")
    told = words(marta.post(f"{WINTER}/codes/file", {"file": file, "asked": "a"}))
    assert "1 lines hold no code and are left out: 3" in told
    add_all(hotel)
    assert hotel.one("select count(*) from offer_code") == 2


def test_running_out_is_told_by_the_offer_and_at_home(hotel: Hotel) -> None:
    given(hotel)
    marta = looking(hotel, MARTA)
    assert "2 codes are left, enough for 14 days at this pace" in words(marta.get(WINTER))
    move_in(hotel, ANA, BEN)
    hotel.hears(message(BEN))
    hotel.runs()
    (need,) = [one for one in marta.get("/messaging/home").get_json()["needs"] if "offers" in one["url"]]
    assert need["text"] == "«Winter»: 1 code is left, enough for 3 days at this pace" and need["tone"] == "look"


def test_the_desk_looks_at_a_code_uses_it_and_is_told_who_was_first(hotel: Hotel) -> None:
    code = given(hotel)
    filipa = looking(hotel, FILIPA)
    page = filipa.get(f"{DESK}?hotel=LIS&code={code.lower()}")
    assert "This code is good" in words(page) and "Once a stay" in words(page)
    (asked,) = re.findall(r'name="asked" value="([^"]+)"', page.get_data(as_text=True))
    use = {"asked": asked, "code": code, "hotel": "LIS", "amount": "120,50", "currency": "EUR"}
    assert f"Used: {code}" in words(filipa.post(DESK, use))
    assert f"Used: {code}" in words(filipa.post(DESK, use))  # the same form, sent twice
    assert hotel.all("select amount, currency, recorded_by from offer_redemption")[0][1:] == ("EUR", FILIPA.name)
    again = filipa.get(f"{DESK}?hotel=LIS&code={code}")
    assert f"it was used already. Used on June 6, 2016 in Casa do Rio, told by {FILIPA.name}" in words(again)
    other = {**use, "asked": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"}
    assert filipa.post(DESK, other).status_code == 409


def test_a_code_is_used_in_ones_own_hotels_only(hotel: Hotel) -> None:
    code = given(hotel)
    filipa = looking(hotel, FILIPA)
    filipa.get(DESK)
    use = {"asked": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "code": code, "hotel": "SHA"}
    assert filipa.post(DESK, use).status_code == 403
    assert hotel.one("select count(*) from offer_redemption") == 0


def test_whoever_may_not_see_what_is_guests_sees_the_beginning_of_a_code(hotel: Hotel) -> None:
    code = given(hotel)
    filipa = looking(hotel, FILIPA)
    filipa.get(DESK)
    filipa.post(DESK, {"asked": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "code": code, "hotel": "LIS"})
    assert code in words(filipa.get(WINTER)) and "Ana Silva" in words(filipa.get(WINTER))
    seen = words(looking(hotel, MARTA).get(WINTER))
    assert code not in seen and f"{code[:4]}…" in seen


def test_an_offer_of_another_hotel_is_not_there(hotel: Hotel) -> None:
    offer(hotel, OfferKind.WORD, name="Bund", word="BUND26", hotels=["SHA"])
    filipa = looking(hotel, FILIPA)
    assert filipa.get(f"{LIST}/bund").status_code == 404
    told = words(filipa.get(f"{DESK}?hotel=LIS&code=BUND26"))
    assert "its offer is not of this hotel" in told and "Bund" not in told


def test_a_file_of_uses_counts_once_and_tells_what_it_could_not_take(hotel: Hotel) -> None:
    code = given(hotel)
    rows = [
        "Code;Hotel;Date;Amount;Currency",
        f"{code};Casa do Rio;05.06.2016;120,50;EUR",
        f"{code};LIS;2016-06-06;;",
        "HELLO;LIS;2016-06-06;;",
        f"{code};Elsewhere;2016-06-06;;",
        f"{code};LIS;03/04/2016;;",
        f"{code};LIS;2016-06-06;1.234;EUR",
    ]
    ada = looking(hotel, ADA)
    for used, known in ((1, 0), (0, 1)):
        ada.get(USES)
        file = (BytesIO("\n".join(rows).encode()), "uses.csv")
        told = words(ada.post(USES, {"file": file}))
        assert f"{used} uses counted, {known} were known, 5 not taken, of 6 lines" in told
    for why in ("it was used already", "there is no such code", "the hotel is none of yours", "the day is not written"):
        assert why in told
    assert "reads in one way only" in told
    assert hotel.one("select count(*) from offer_redemption") == 1


def test_two_guests_who_said_the_word_on_one_day_count_twice_and_the_file_again_does_not(hotel: Hotel) -> None:
    offer(hotel, OfferKind.WORD, word="WINTER26")
    ada = looking(hotel, ADA)
    content = b"code,hotel,date\nWINTER26,LIS,2016-06-05\nwinter 26,LIS,2016-06-05\n"
    for _ in range(2):
        ada.get(USES)
        ada.post(USES, {"file": (BytesIO(content), "uses.csv")})
    assert hotel.one("select count(*) from offer_redemption") == 2


def test_a_file_without_a_column_of_codes_is_refused_in_words(hotel: Hotel) -> None:
    ada = looking(hotel, ADA)
    ada.get(USES)
    answer = ada.post(USES, {"file": (BytesIO(b"a,b\n1,2\n"), "uses.csv")})
    assert answer.status_code == 422 and "A column of codes is needed, and one of days." in words(answer)


def test_the_editors_of_other_services_are_told_which_offers_there_are(hotel: Hotel) -> None:
    offer(hotel)
    assert looking(hotel, MARTA).get(f"{LIST}/choices").get_json() == {
        "offers": [{"key": "winter", "name": "Winter", "live": True}]
    }
