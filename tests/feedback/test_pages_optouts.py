"""Objections are brought along as a file: each contact point is closed once, whatever the file looks like."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from services.feedback.config import Config
from services.feedback.service import SERVICE
from tests.cast import ANA, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.web import Browser, browser, words

PATH = "/feedback/opt-outs"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    return Feedback(make_database("feedback"))


@pytest.fixture
def marta(feedback: Feedback) -> Browser:
    made = browser(SERVICE.build_web, Config(), feedback.database, MARTA)
    made.get(PATH)
    return made


def bring(who: Browser, content: str | bytes, **more: str) -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return who.post(PATH, {"file": (BytesIO(raw), "list.csv"), "scope": "marketing", "country": "PT", **more})


def points(feedback: Feedback) -> set[tuple[str, str]]:
    """Whoever objected from a number is written to there by no channel."""
    told = {(said["channel"], said["point"]) for said in feedback.published("optout.requested.v1")}
    by_whatsapp = {("sms", point) for channel, point in told if channel == "whatsapp"}
    assert by_whatsapp == {(channel, point) for channel, point in told if channel == "sms"}
    return {(channel, point) for channel, point in told if channel != "whatsapp"}


@pytest.mark.parametrize(
    "content",
    [
        "email,phone\nAna@Example.com ,910 000 001\n",
        "E-Mail;Handy\nana@example.com;+351 910 000 001\n",
        "姓名\t邮箱\t手机号码\nAnna\tana@example.com\t00351910000001\n",
        "Kontakt;Nr.\nmailto:ana@example.com;+351910000001\n",
        "ana@example.com,+351910000001\n",
        "\ufeffCorreo,Móvil,Fecha\nana@example.com,910000001,2020-02-03\n",
    ],
)
def test_columns_are_found_by_heading_in_any_language_or_by_what_stands_in_them(
    feedback: Feedback, marta: Browser, content: str
) -> None:
    assert "2 addresses and numbers are closed now." in words(bring(marta, content))
    wanted = {("email", "ana@example.com"), ("sms", "+351910000001")}
    assert points(feedback) == {(channel, feedback.point(channel, text)) for channel, text in wanted}


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "cp1252"])
def test_a_file_of_another_encoding_is_read(feedback: Feedback, marta: Browser, encoding: str) -> None:
    heading = "Prénom" if encoding == "cp1252" else "姓名"
    bring(marta, f"{heading},email\nx,ana@example.com\n".encode(encoding))
    assert len(points(feedback)) == 1


def test_the_same_file_again_changes_nothing(feedback: Feedback, marta: Browser) -> None:
    content = "email\nana@example.com\nben@example.com\nANA@example.com\n"
    assert "2 addresses and numbers are closed now." in words(bring(marta, content))
    again = words(bring(marta, content))
    assert "0 addresses and numbers are closed now." in again and "3 of them known before" in again
    assert len(feedback.published("optout.requested.v1")) == 2


def test_what_cannot_be_read_is_told_by_line_and_the_rest_counts(feedback: Feedback, marta: Browser) -> None:
    lines = ("name,email,phone", "Anna,ana@example.com,12", "Ben,not an address,", "Carla,,", ",,", "Dora,,910000002")
    page = words(bring(marta, "\n".join(lines)))
    assert "3 entries could not be read" in page
    assert "2 12 ••• 12 not a phone number" in page
    assert "not an e-mail address" in page and "4 – neither an address nor a number" in page
    assert len(points(feedback)) == 2


def test_the_date_of_the_objection_is_heeded_and_never_a_birthday_or_the_future(
    feedback: Feedback, marta: Browser
) -> None:
    bring(marta, "email,birth date,unsubscribed at\nana@example.com,1980-01-01,2020-02-03\nben@example.com,,2999-01-01")
    bring(marta, "email,birth date\ncarla@example.com,1980-01-01\n")
    days = sorted(str(said["requested_at"])[:10] for said in feedback.published("optout.requested.v1"))
    assert days == ["2020-02-03", "2026-11-21", "2026-11-21"]


def test_offers_only_or_everything_is_the_persons_choice(feedback: Feedback, marta: Browser) -> None:
    bring(marta, "email\nana@example.com\n", scope="channel")
    bring(marta, "email\nana@example.com\n", scope="made up")
    assert [said["scope"] for said in feedback.published("optout.requested.v1")] == ["channel", "marketing"]
    assert {said["source"] for said in feedback.published("optout.requested.v1")} == {"file"}


def test_a_long_list_is_said_in_chunks(feedback: Feedback, marta: Browser) -> None:
    bring(marta, "email\n" + "".join(f"guest{number}@example.com\n" for number in range(6000)))
    assert feedback.all("select count(*), sum(subjects) from outbox where type = 'optout.requested.v1'") == [(12, 6000)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file is empty."),
        ("name,room\nAnna,12\n", "No column holds e-mail addresses"),
        ("id\n351910000001\n", "No column holds e-mail addresses"),  # a key is no number
    ],
)
def test_a_file_of_something_else_is_refused_in_words(
    feedback: Feedback, marta: Browser, content: str, says: str
) -> None:
    page = bring(marta, content)
    assert page.status_code == 422 and says in words(page)
    assert feedback.published("optout.requested.v1") == []


def test_no_file_chosen_is_said_at_the_field(marta: Browser) -> None:
    page = marta.post(PATH, {"scope": "marketing"})
    assert page.status_code == 422 and "Choose a file." in words(page)


def test_only_who_brings_data_may(feedback: Feedback, marta: Browser) -> None:
    marta.get(PATH)
    assert browser(SERVICE.build_web, Config(), feedback.database, DINA).get(PATH).status_code == 403


def test_what_was_brought_is_listed(marta: Browser) -> None:
    bring(marta, "email,phone\nana@example.com,910000001\n")
    assert "list.csv" in words(marta.get(PATH))


@pytest.mark.parametrize(
    "written",
    ["'ana@example.com", "Ana <ANA@example.com>", "ana@example.com;", "\u200bana@example.com", "ana＠example.com"],
    ids=ascii,
)
def test_an_address_is_closed_however_it_is_written_and_under_its_raw_spelling_too(
    feedback: Feedback, marta: Browser, written: str
) -> None:
    """A guest whom an earlier version knows by the raw spelling is closed as well."""
    bring(marta, f'email,name\n"{written}",x\n')
    raw = written.strip().strip("<>").lower()
    assert points(feedback) == {("email", feedback.point("email", text)) for text in ("ana@example.com", raw)}
    assert "0 addresses and numbers are closed now." in words(bring(marta, f'email,name\n"{written}",x\n'))


def test_several_in_a_cell_are_all_closed(feedback: Feedback, marta: Browser) -> None:
    bring(marta, 'name,email\nAna,"ana@example.com; ben@example.com"\n')
    known = points(feedback)
    assert {("email", feedback.point("email", f"{name}@example.com")) for name in ("ana", "ben")} <= known


def test_a_landline_is_closed_too_and_a_rounded_number_says_why_it_is_not(feedback: Feedback, marta: Browser) -> None:
    page = words(bring(marta, "name,phone\nAna,+351 21 123 4567\nBen,8.6E12\n"))
    assert points(feedback) == {("sms", feedback.point("sms", "+351211234567"))}
    assert "was rounded by a spreadsheet" in page


def test_what_matches_nobody_is_told_and_kept_all_the_same(feedback: Feedback, marta: Browser) -> None:
    feedback.knows(ANA, address="ana@example.com")
    page = words(bring(marta, "email\nana@example.com\nben@example.com\ncarla@example.com\n"))
    assert "2 addresses and numbers of the file are no guest's here." in page
    assert "Line Content 3 b•••@e•••.com 4 c•••@e•••.com" in page
    assert len(points(feedback)) == 3
