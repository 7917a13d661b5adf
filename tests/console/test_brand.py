"""How a hotel looks on pages that its guests see: names, a colour that can be read, a logo open to everybody."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from services.console.queries.present_state import properties_again
from shared.colours import PAPER, contrast, hex_colour, is_readable
from shared.web.app import FOLDER
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house
from tests.web import Browser

PATH = "/properties/LIS/brand"


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def logo(colour: str = "navy", size: tuple[int, int] = (900, 300)) -> tuple[BytesIO, str]:
    made, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Quartz Camera"
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif)
    return BytesIO(made.getvalue()), "logo.jpg"


def save(who: Browser, **values: object) -> str:
    page = who.get(PATH).get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    sent = who.post(PATH, {"version": version[1], **values}, content_type="multipart/form-data")
    return sent.get_data(as_text=True)


def test_a_hotel_is_given_names_a_colour_and_a_logo_and_all_services_know(house: House) -> None:
    ada = house.signed_in()
    page = save(ada, **{"name.zh-Hans": "里斯本特茹之家", "colour": "1F4E79", "logo": logo()})
    (said,) = [chunk for chunk in house.said("property.changed.v1") if chunk["code"] == ["LIS"]][-1:]
    assert (said["names"], said["colour"]) == ([{"zh-Hans": "里斯本特茹之家"}], ["#1f4e79"])
    address = f"/brand/{said['logo'][0]}"
    assert address in page and "里斯本特茹之家" in page
    with house.database.transaction() as tx:
        again = properties_again(tx, None, 10)
    place = again["code"].index("LIS")
    assert [again[name][place] for name in ("names", "colour", "logo")] == [
        said[name][0] for name in ("names", "colour", "logo")
    ]
    ada.post("/properties/LIS", {**ada_form(ada), "contact": "new@example.com"})
    (later,) = [chunk for chunk in house.said("property.changed.v1") if chunk["code"] == ["LIS"]][-1:]
    assert (later["contact"], later["logo"], later["names"]) == (["new@example.com"], said["logo"], said["names"])


def ada_form(ada: Browser) -> dict[str, str]:
    page = ada.get("/properties/LIS").get_data(as_text=True)
    fields = ("name", "zone", "country", "legal_entity", "contact", "version", "survey_threshold")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in fields}
    return {name: one[1] for name, one in found.items() if one} | {"postal_address": "Rua 1, Lisboa"}


def test_a_logo_is_small_harmless_and_cached_for_good_by_an_address_of_its_bytes(house: House) -> None:
    ada = house.signed_in()
    addresses = []
    for colour in ("navy", "red", "red"):
        found = re.search(r'src="(/brand/[0-9a-f]{64})"', save(ada, logo=logo(colour)))
        assert found
        addresses.append(found[1])
    assert addresses[0] != addresses[1] == addresses[2]
    stranger = house.browser()
    shown = stranger.client.get(addresses[1])
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable" and "Set-Cookie" not in shown.headers
    assert len(shown.data) <= 60 * 1024 and b"Quartz" not in shown.data
    assert max(Image.open(BytesIO(shown.data)).size) == 480
    assert stranger.get(addresses[0]).status_code == 404  # no hotel shows it any more
    save(ada, without_logo="1")
    assert stranger.get(addresses[1]).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"colour": "blue"}, "Write a colour as #1f4e79."),
        ({"colour": "#ffcc00"}, "too light to be read on white"),
        ({"name.de": "x" * 101}, "shorter than 100 characters"),
        ({"logo": (BytesIO(b"<svg onload=x>"), "logo.svg")}, "This is no picture that can be shown."),
    ],
)
def test_what_cannot_be_shown_is_told_at_its_field(house: House, wrong: dict[str, object], says: str) -> None:
    ada = house.signed_in()
    before = house.said("property.changed.v1")
    page = save(ada, **{"name.fr": "Maison du Tage", **wrong})
    assert says in page and "Maison du Tage" in page
    assert house.said("property.changed.v1") == before


def test_who_saw_another_version_changes_nothing(house: House) -> None:
    ada = house.signed_in()
    save(ada, colour="#1f4e79")
    assert ada.post(PATH, {"version": "1", "colour": "#000000"}).status_code == 409
    assert "#1f4e79" in ada.get(PATH).get_data(as_text=True)
    assert ada.get("/properties/NOT/brand").status_code == 404


def test_contrast_is_that_of_wcag_and_the_paper_is_that_of_guests_pages() -> None:
    white = "#ffffff"
    assert [round(contrast(one, white), 2) for one in (white, "#000000", "#767676")] == [1.0, 21.0, 4.54]
    assert [is_readable(one) for one in ("#767676", "#6f6f6f", "#1f4e79", "#ffffff")] == [False, True, True, False]
    tokens = (FOLDER / "static" / "css" / "tokens.css").read_text()
    assert f"--paper: {PAPER};" in tokens
    assert [hex_colour(one) for one in (" 1F4E79", "#12345", "red", "#1f4e79ff", "#١٢٣٤٥٦")] == [
        "#1f4e79", None, None, None, None,
    ]  # fmt: skip
