"""Pictures of mails: handed in, described, found, used, served to everybody, and never gone while a mail shows them."""

from __future__ import annotations

import io
import threading
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from services.messaging.commands.pictures.keeping import add_picture
from services.messaging.commands.pictures.library import StillShown, remove_picture
from services.messaging.commands.templates.publish import publish_template
from services.messaging.queries.templates import pictures as queries
from services.messaging.rules.pictures import picture_url, shown_in
from services.messaging.store.templates import drafts
from services.messaging.store.templates import pictures as store
from services.messaging.store.templates.pictures import Place
from shared.access.people import Person
from shared.access.scope import Scope
from shared.errors import InputError, Problem
from shared.pictures.scaling import Picture
from shared.vocabulary.role import Role
from tests.cast import MARTA, NOW, Member, access_of
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.hotel import Hotel, lisbon
from tests.messaging.pages_cast import house, looking
from tests.web import Browser, words

LIBRARY = "/messaging/pictures"
BY = Person(MARTA.person_id, MARTA.name, MARTA.role, frozenset())
RUI = Member("Rui Ramos", Role.MARKETER, ("LIS",))


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


@pytest.fixture
def marta(hotel: Hotel) -> Browser:
    return looking(hotel, MARTA)


def file_of(kind: str = "JPEG", colour: tuple[int, int, int] = (200, 0, 0), **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(made, kind, **more)
    return made.getvalue()


def hand_in(browser: Browser, file: bytes, name: str = "pool at dusk.jpg", **more: Any) -> TestResponse:
    browser.get(LIBRARY)
    return browser.post(LIBRARY, {"picture": (io.BytesIO(file), name), **more}, content_type="multipart/form-data")


def listed(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get(f"{LIBRARY}/choices{query}").get_json()["pictures"]
    return found


def shelf(hotel: Hotel, colour: tuple[int, int, int], place: Place, name: str = "it") -> UUID:
    picture = Picture(content=file_of("PNG", colour), media_type="image/png", width=40, height=20)
    return add_picture(hotel.database, None, picture, place, name, NOW, BY)


def mail(file: str, subject: str = "A word", key: str = "with-picture") -> dict[str, Any]:
    text = f"Look: https://loop.example.com/messaging/picture/{file}"
    return {
        "key": key,
        "name": "With a picture",
        "purpose": "marketing",
        "locales": {"en": {"email": {"subject": subject, "preview": "", "body": [text]}}},
    }


def test_a_picture_comes_into_the_library_and_is_served_to_everybody_for_ever(marta: Browser, hotel: Hotel) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Quartz Camera"
    assert "The picture is in the library." in words(hand_in(marta, file_of(exif=exif)))
    (one,) = listed(marta)
    assert (one["name"], one["alt"], one["width"]) == ("pool at dusk", {}, 40)
    everybody = looking(hotel, None).client
    answer = everybody.get(picture_url("", one["file"]))
    assert answer.status_code == 200 and b"Quartz" not in answer.data
    assert answer.headers["Content-Type"] == "image/jpeg" and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = everybody.get(picture_url("", one["file"]), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert everybody.head(picture_url("", one["file"])).status_code == 200


@pytest.mark.parametrize("file", ["x.jpg", "a" * 64, "0" * 64 + ".jpg", "0" * 64 + ".svg", "0" * 63 + "G.jpg"])
def test_what_is_no_picture_is_not_found(hotel: Hotel, file: str) -> None:
    answer = looking(hotel, None).client.get(picture_url("", file))
    assert answer.status_code == 404 and "immutable" not in answer.headers.get("Cache-Control", "")


def test_an_address_has_one_ending(marta: Browser) -> None:
    hand_in(marta, file_of())
    sha = listed(marta)[0]["file"].partition(".")[0]
    assert marta.client.get(picture_url("", f"{sha}.png")).status_code == 404


def test_the_same_one_again_is_there_once(marta: Browser, hotel: Hotel) -> None:
    hand_in(marta, file_of())
    hand_in(marta, file_of(), "the same.jpg")
    assert [one["name"] for one in listed(marta)] == ["pool at dusk"]
    hand_in(marta, file_of(), place="hotel:SHA")
    assert len(listed(marta)) == 2 and hotel.one("select count(*) from picture") == 1


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", "Choose a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no picture that mails can show."),
        (file_of()[:-20], "cannot be read to its end"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(marta: Browser, file: bytes, says: str) -> None:
    answer = hand_in(marta, file)
    assert answer.status_code == 422 and says in words(answer) and listed(marta) == []


def test_an_editor_is_told_in_json(marta: Browser) -> None:
    marta.get(LIBRARY)
    data = {"picture": (io.BytesIO(file_of()), "a.jpg")}
    asked: dict[str, Any] = {"content_type": "multipart/form-data", "headers": {"Accept": "application/json"}}
    told = marta.post(LIBRARY, data, **asked)
    assert told.status_code == 201 and told.get_json()["picture"] == listed(marta)[0]
    refused = marta.post(LIBRARY, {"picture": (io.BytesIO(b"x"), "a.jpg")}, **asked)
    assert refused.status_code == 422 and "no picture" in refused.get_json()["problem"]


def test_what_it_shows_is_said_by_language_and_found_by_it(marta: Browser, hotel: Hotel) -> None:
    library_id = shelf(hotel, (1, 2, 3), Place(), "pool_1")
    page = f"{LIBRARY}/{library_id}"
    assert "no description" in words(marta.get(LIBRARY))
    marta.get(page)
    typed = {"version": "1", "name": "泳池", "alt.en": "The pool at dusk", "alt.zh-Hans": "黄昏的泳池"}
    assert "Saved." in words(marta.post(page, typed))
    assert "no description" not in words(marta.get(LIBRARY))
    assert [one["alt"]["en"] for one in listed(marta, "?q=黄昏")] == ["The pool at dusk"]
    assert [len(listed(marta, f"?q={asked}")) for asked in ("%25", "_", "POOL AT", "泳")] == [0, 0, 1, 1]
    late = marta.post(page, {**typed, "name": "Another"})
    assert late.status_code == 409 and "Somebody else changed this picture" in words(late)
    assert 'value="Another"' in late.text
    long = marta.post(page, {**typed, "version": "2", "name": " ", "alt.en": "x" * 301})
    assert long.status_code == 422 and "Give it a name" in words(long) and "Make it shorter than 300" in words(long)


def test_one_sees_what_ones_hotels_have(marta: Browser, hotel: Hotel) -> None:
    hotel.hears(lisbon(code="SHA", version=2, zone="Asia/Shanghai", country="CN", legal_entity="Riverside Ltd"))
    own = hotel.one("select legal_entity from property_known where code = 'LIS'")
    for at, (name, place) in enumerate(
        {
            "everybody's": Place(),
            "Lisbon's": Place(hotel="LIS"),
            "Shanghai's": Place(hotel="SHA"),
            "the house's": Place(legal_entity=own),
            "the river's": Place(legal_entity="Riverside Ltd"),
        }.items()
    ):
        shelf(hotel, (at, 0, 0), place, name)
    with hotel.database.transaction() as tx:
        seen = {one.name for one in queries.shelved(tx, Scope(frozenset({"LIS"})))}
        theirs = next(one for one in queries.shelved(tx, Scope(frozenset({"SHA"}))) if one.name == "Shanghai's")
        assert queries.one(tx, theirs.library_id, Scope(frozenset({"LIS"}))) is None
    assert seen == {"everybody's", "Lisbon's", "the house's"}
    assert {one["name"] for one in listed(marta, "?hotel=SHA")} == {"everybody's", "Shanghai's", "the river's"}


def test_a_long_library_is_read_page_by_page(marta: Browser, hotel: Hotel) -> None:
    for at in range(queries.PAGE + 2):
        shelf(hotel, (at, 9, 9), Place(), f"number {at}")
    first = marta.get(f"{LIBRARY}/choices").get_json()
    second = marta.get(f"{LIBRARY}/choices", query_string={"after": first["after"]}).get_json()
    names = [one["name"] for one in (*first["pictures"], *second["pictures"])]
    assert sorted(names) == sorted(f"number {at}" for at in range(queries.PAGE + 2)) and second["after"] is None
    assert "Next" in words(marta.get(LIBRARY))
    assert marta.get(f"{LIBRARY}?after=nonsense").status_code == 200


def test_what_a_published_wording_shows_is_never_deleted(marta: Browser, hotel: Hotel) -> None:
    library_id = shelf(hotel, (5, 5, 5), Place())
    file = listed(marta)[0]["file"]
    with hotel.database.transaction() as tx:
        publish_template(tx, mail(file), at=NOW, by="maria")
        publish_template(tx, mail("none"), at=NOW, by="maria")
    page = marta.get(f"{LIBRARY}/{library_id}")
    assert "With a picture version 1" in words(page) and "is sent now" not in words(page)
    refused = marta.post(f"{LIBRARY}/{library_id}/removal")
    assert refused.status_code == 409 and "It stays" in words(refused)
    assert marta.client.get(picture_url("", file)).status_code == 200


def test_a_draft_keeps_its_pictures_too_and_what_nothing_shows_goes(marta: Browser, hotel: Hotel) -> None:
    library_id = shelf(hotel, (6, 6, 6), Place())
    file = listed(marta)[0]["file"]
    with hotel.database.transaction() as tx:
        drafts.begin(tx, "new", {**mail(file), "name": "New one"}, 0, by=BY, at=NOW)
    marta.get(f"{LIBRARY}/{library_id}")
    assert "New one a draft" in words(marta.get(f"{LIBRARY}/{library_id}"))
    assert marta.post(f"{LIBRARY}/{library_id}/removal").status_code == 409
    with hotel.database.transaction() as tx:
        drafts.drop(tx, "new")
    assert "The picture is deleted." in words(marta.post(f"{LIBRARY}/{library_id}/removal"))
    assert listed(marta) == [] and hotel.one("select count(*) from picture") == 0
    assert marta.client.get(picture_url("", file)).status_code == 404


def test_one_of_two_libraries_may_let_go_of_what_is_shown(hotel: Hotel, marta: Browser) -> None:
    mine, theirs = shelf(hotel, (7, 7, 7), Place(hotel="LIS")), shelf(hotel, (7, 7, 7), Place(hotel="SHA"))
    with hotel.database.transaction() as tx:
        publish_template(tx, mail(listed(marta)[0]["file"]), at=NOW, by="maria")
        assert remove_picture(tx, mine, NOW, by=BY) is None
    with pytest.raises(StillShown), hotel.database.transaction() as tx:
        remove_picture(tx, theirs, NOW, by=BY)


def test_nothing_is_published_that_shows_a_picture_that_is_gone(hotel: Hotel) -> None:
    with pytest.raises(InputError) as error, hotel.database.transaction() as tx:
        publish_template(tx, mail("0" * 64 + ".jpg"), at=NOW, by="maria")
    problem = error.value.problems["/locales/en/email"]
    assert isinstance(problem, Problem) and problem.code == "picture_gone"


def test_who_publishes_and_who_deletes_do_not_pass_each_other(hotel: Hotel, marta: Browser) -> None:
    """The deletion waits for the publishing under way, and then sees it."""
    library_id = shelf(hotel, (8, 8, 8), Place())
    file, outcome = listed(marta)[0]["file"], []

    def delete() -> None:
        try:
            with hotel.database.transaction() as tx:
                remove_picture(tx, library_id, NOW, by=BY)
            outcome.append("deleted")
        except StillShown:
            outcome.append("stays")

    with hotel.database.transaction() as tx:
        publish_template(tx, mail(file), at=NOW, by="maria")
        deleting = threading.Thread(target=delete)
        deleting.start()
        deleting.join(0.3)
        assert deleting.is_alive() and outcome == []
    deleting.join(PATIENCE)
    assert outcome == ["stays"]


def test_who_sees_some_hotels_may_look_and_change_nothing(hotel: Hotel) -> None:
    mine, theirs = shelf(hotel, (9, 9, 9), Place(hotel="LIS")), shelf(hotel, (9, 8, 8), Place(hotel="SHA"))
    hotel.hears(access_of(RUI))
    rui = looking(hotel, RUI)
    page = rui.get(f"{LIBRARY}/{mine}")
    assert page.status_code == 200 and "Delete the picture" not in words(page) and "Save" not in words(page)
    assert rui.get(f"{LIBRARY}/{theirs}").status_code == 404
    assert rui.post(f"{LIBRARY}/{mine}/removal").status_code == 403
    assert "Put it into the library" not in words(rui.get(LIBRARY))
    assert hand_in(rui, file_of()).status_code == 403


def test_every_place_of_a_document_counts() -> None:
    a, b, c = ("a" * 64, "b" * 64, "c" * 64)
    document = {"en": [{"picture": {"file": f"{a}.jpg"}}, {"html": f'<img src="/messaging/picture/{b}.png">'}], "n": 1}
    assert shown_in(document) == {a, b} and shown_in({"x": [c + "d", None]}) == frozenset()


def test_store_knows_only_what_is_there(hotel: Hotel, marta: Browser) -> None:
    shelf(hotel, (3, 3, 3), Place())
    sha = listed(marta)[0]["file"].partition(".")[0]
    with hotel.database.transaction() as tx:
        assert store.known(tx, [sha, "0" * 64]) == {sha}
