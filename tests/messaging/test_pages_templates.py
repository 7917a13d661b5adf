"""Templates written by hand: languages and gaps, a draft with its problems in words, versions that stay, a test."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from services.messaging.channels.email.plain import as_plain, from_plain
from services.messaging.channels.sms.parts import sms_cost
from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.problem_words import PROBLEMS
from shared.access import four_eyes as approvals
from tests.cast import ANA, CARLA, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import house, looking
from tests.web import Browser, words

PAGE = "/messaging/templates/welcome"
MAIL = {
    "name": "Hello",
    "subject": "A word",
    "preview": "",
    "body": "{{ guest.greeting }},\n\nCome and see us.",
    "text": "",
}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


@pytest.fixture
def marta(hotel: Hotel) -> Browser:
    return looking(hotel, MARTA)


def write(browser: Browser, path: str = PAGE, language: str = "en", *, version: int = 1, **typed: str) -> str:
    browser.get(f"{path}/edit")
    values = {**MAIL, "language": language, "draft_version": version, **typed}
    return words(browser.post(f"{path}/edit", values))


def test_nothing_is_red_before_anybody_wrote_and_a_price_says_what_to_do(marta: Browser) -> None:
    marta.get("/messaging/templates/new")
    asked = {"name": "Fresh", "purpose": "marketing", "language": "en"}
    begun = marta.post("/messaging/templates", asked).get_data(as_text=True)
    assert "field-wrong" not in begun and "To change before it can be published" in begun
    told = write(marta, "/messaging/templates/fresh", subject="15 % off")
    assert "say which offer the text makes, or leave it out" in words(marta.get("/messaging/templates/fresh/edit"))
    assert "field-wrong" in marta.get("/messaging/templates/fresh/edit").get_data(as_text=True) and told


def test_the_list_shows_languages_and_their_gaps(marta: Browser) -> None:
    write(marta)
    marta.post(f"{PAGE}/languages/de/removal")
    marta.get(f"{PAGE}/edit")
    marta.post(f"{PAGE}/edit", {**MAIL, "language": "en", "draft_version": 3, "then": "publish"})
    text = words(marta.get("/messaging/templates"))
    assert "How was the stay" in text and "missing" in text and "German" in text
    languages = marta.get(f"{PAGE}/languages").get_json()
    assert "de" not in languages["languages"] and languages["version"] == 2


def test_looking_at_a_draft_begins_none(marta: Browser, hotel: Hotel) -> None:
    assert 'name="draft_version" value="1"' in marta.get(f"{PAGE}/edit").get_data(as_text=True)
    assert hotel.one("select count(*) from template_draft") == 0
    assert "The draft is saved." in write(marta)
    assert hotel.one("select count(*) from template_draft") == 1


def test_what_was_written_over_an_older_version_is_not_saved_over_the_newer(marta: Browser) -> None:
    marta.get(f"{PAGE}/edit")
    write(marta, subject="Quite another word", then="publish")
    late = marta.post(f"{PAGE}/edit", {**MAIL, "language": "en", "draft_version": 1, "base": 1})
    assert late.status_code == 409 and "Somebody else changed this draft" in words(late)


def test_only_who_configures_may_write(hotel: Hotel) -> None:
    assert looking(hotel, DINA).get("/messaging/templates").status_code == 403


def test_a_draft_is_nobodys_mail_until_it_is_published_and_old_versions_stay(marta: Browser) -> None:
    assert "The draft is saved." in write(marta, subject="Quite another word")
    assert "Good to have you with us" in words(marta.get(PAGE))
    text = write(marta, version=2, subject="Quite another word", then="publish")
    assert "Published as version 2" in text
    assert "Quite another word" in words(marta.get(f"{PAGE}?language=en"))
    assert "Good to have you with us" in words(marta.get(f"{PAGE}?language=en&version=1"))
    assert marta.get(f"{PAGE}?version=9").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"subject": "Your stay of 12 May"}, "names a date"),
        ({"subject": ""}, "Something is needed here."),
        ({"body": "Dear {{ guest.shoe_size }}"}, "There is no value «guest.shoe_size»"),
        ({"body": "{{ guest.name"}, "cannot be read"),
        ({"body": "[Tell us](javascript:alert(1))"}, "A link leads to"),
        ({"body": "[Tell us](http://elsewhere)"}, "No browser finds this address: http://elsewhere"),
        ({"text": "Come"}, "There is no text message in this language"),
    ],
)
def test_problems_stand_in_words_and_nothing_is_published(hotel: Hotel, typed: dict[str, str], told: str) -> None:
    marta = looking(hotel, MARTA)
    marta.get(f"{PAGE}/edit")
    answer = marta.post(f"{PAGE}/edit", {**MAIL, "language": "en", "draft_version": 1, "then": "publish", **typed})
    assert answer.status_code == 422 and told in words(answer)
    assert hotel.one("select newest from template where key = 'welcome'") == 1


def test_who_comes_second_keeps_what_was_typed(marta: Browser) -> None:
    write(marta)
    answer = marta.post(f"{PAGE}/edit", {**MAIL, "language": "en", "draft_version": 1, "subject": "My own words"})
    assert answer.status_code == 409 and "My own words" in answer.get_data(as_text=True)
    assert "Somebody else changed this draft" in words(answer)


def test_a_new_template_starts_as_a_draft_and_its_name_is_taken_once(marta: Browser) -> None:
    new = {"name": "Welcome back", "purpose": "marketing", "language": "en"}
    marta.get("/messaging/templates/new")
    assert "No journey can send it" in words(marta.post("/messaging/templates", new))
    marta.get("/messaging/templates/new")
    again = marta.post("/messaging/templates", new)
    assert again.status_code == 422 and "Welcome back" in again.get_data(as_text=True)
    assert "Published as version 1" in write(marta, "/messaging/templates/welcome-back", then="publish")


def test_it_is_read_as_a_real_guest_of_ones_own_hotels(marta: Browser) -> None:
    found = words(marta.get(f"{PAGE}?language=en&q=silva"))
    assert "Ana Silva" in found
    page = marta.get(f"{PAGE}/preview?language=en&guest={ANA}")
    assert "Dear Ms Silva" in page.get_data(as_text=True) and "sandbox" in page.headers["Content-Security-Policy"]
    assert "Dear Ms Silva" in words(marta.get(f"{PAGE}/preview?language=en&guest={CARLA}"))  # Marta sees all hotels


def test_a_test_goes_to_the_sandbox_and_to_no_guest(hotel: Hotel, marta: Browser) -> None:
    write(marta, subject="Only a try")
    sent = hotel.one("select count(*) from delivery")
    answer = marta.post(f"{PAGE}/tests", {"language": "en", "channel": "email", "guest": str(ANA)}, follow=True)
    text = words(answer)
    assert "A test of a template" in text and "Only a try" in text
    assert hotel.one("select count(*) from delivery") == sent


def test_as_one_writes_only_what_stands_beside_is_answered(marta: Browser) -> None:
    marta.get(f"{PAGE}/edit")
    values = {**MAIL, "language": "en", "draft_version": 1, "subject": "From €99"}
    answer = marta.post(f"{PAGE}/edit", values, headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert "names a price" in text and "<html" not in text and 'name="draft_version" value="2"' in text


def test_writing_and_document_are_the_same_both_ways() -> None:
    body: list[Any] = ["{{ guest.greeting }},", "One\ntwo", {"button": {"label": "Tell us", "link": "links.survey"}}]
    assert from_plain(as_plain(body)) == body
    assert from_plain("a\r\n\r\n\r\n  b  ") == ["a", "b"]


def test_what_makes_a_text_dear_is_named() -> None:
    cheap, dear = sms_cost("Welcome back €"), sms_cost("Olá… 您好")
    assert (cheap.parts, cheap.alphabet, cheap.characters) == (1, "GSM-7", 15)
    assert dear.alphabet == "UCS-2" and dear.dear == ("á", "…", "您", "好")
    assert [sms_cost(text).is_avoidable for text in ("Olá…", "Ready 🎉", "您好…", "Добрый день", "Hello")] == [
        True, True, False, False, False,
    ]  # fmt: skip


COMMANDS = ("commands/templates/publish.py", "commands/templates/four_eyes.py")


def test_every_problem_of_a_template_has_its_sentence() -> None:
    """Each code that documents, channels, checks and approvals of a template give is one the editor has words for."""
    services = Path(drafting.__file__).parents[2]
    rooms = [services / room for room in ("channels", *COMMANDS, "library", "rules/links", "wording")]
    calls = (
        node
        for room in (*rooms, Path(approvals.__file__))
        for path in sorted(room.rglob("*.py")) or [room]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
    )
    codes = {call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)}
    assert codes | {"unreadable", "unreadable_line"} == set(PROBLEMS)
