"""Guests may tell others: the same sites for everybody who has answered."""

from __future__ import annotations

import pytest

from services.feedback.config import Config
from services.feedback.rules.asking.review_links import ReviewLink, links_in
from services.feedback.service import SERVICE
from shared.errors import InputError
from tests.cast import ADA, ANA, ANTON, MARTA, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.test_survey_pages import link
from tests.web import Browser, browser, words

PATH = "/feedback/surveys/LIS/review-links"
SITE = {"name_0": "Maps", "url_0": "https://maps.example/lis"}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (("", "https://maps.example/x"), "name_0"),
        (("Maps", "http://maps.example/x"), "url_0"),
        (("Maps", "javascript:alert(1)"), "url_0"),
        (("Maps", "https://who:secret@maps.example"), "url_0"),
        (("Maps", "https://[broken"), "url_0"),
        (("Maps", "https://maps.example/" + 500 * "x"), "url_0"),
    ],
)
def test_a_site_has_a_name_and_an_open_address(typed: tuple[str, str], problem: str) -> None:
    with pytest.raises(InputError) as refused:
        links_in([typed])
    assert set(refused.value.problems) == {problem}
    assert links_in([("", ""), (" Maps ", "https://maps.example/x")]) == [ReviewLink("Maps", "https://maps.example/x")]


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    feedback.sent("survey")
    return feedback


def as_(feedback: Feedback, who: Member | None) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who, at=AT)


@pytest.mark.parametrize("score", ["0", "10"])
def test_whoever_has_answered_sees_the_same_sites(feedback: Feedback, score: str) -> None:
    ada = as_(feedback, ADA)
    assert "Where guests may tell others" in words(ada.get("/feedback/surveys/LIS"))
    assert "Saved." in words(ada.post(PATH, SITE))
    phone = as_(feedback, None)
    thanks = phone.post(link(feedback), {"score": score})
    assert "You may tell others too" in words(thanks) and 'href="https://maps.example/lis"' in thanks.text
    assert "告诉其他人" in words(phone.get(f"{link(feedback)}/thanks?in=zh-Hans"))
    ada.post(PATH, {})
    assert "maps.example" not in phone.get(f"{link(feedback)}/thanks").text


def test_only_who_configures_that_hotel_names_sites(feedback: Feedback) -> None:
    marta = as_(feedback, MARTA)
    marta.get("/feedback/surveys/LIS")
    assert marta.post(PATH, {**SITE, "url_0": "ftp://x"}).status_code == 422
    assert as_(feedback, ANTON).post(PATH, SITE).status_code == 403
    assert feedback.one("select count(*) from review_link") == 0
