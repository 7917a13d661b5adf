"""A stranger's phone opens the link of a survey: what it sees, what counts, what a forged link gets."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from services.feedback import api
from services.feedback.commands.staff.settings import add_to_list
from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.signing import LinkSigner
from shared.ids import make_id
from shared.web.app import FOLDER
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.web import Browser, browser, words

SURVEY = make_id("message", "survey")


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    feedback.sent("survey")
    return feedback


@pytest.fixture
def phone(feedback: Feedback) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, None, at=AT)


def link(feedback: Feedback, purpose: str = "survey") -> str:
    return f"/feedback/survey/{LinkSigner.of(feedback.database.keyring).sign(purpose, SURVEY)}"


def test_the_page_asks_one_question_and_says_who_asks_why_and_the_way_out(feedback: Feedback, phone: Browser) -> None:
    page = phone.get(link(feedback))
    text = words(page)
    for seen in ("recommend Lisbon", "10 · Certainly", "because you stayed at Lisbon", "Hotels, Lda. · Rua 1, Lisboa"):
        assert seen in text
    assert 'href="/messaging/way-out/' in page.get_data(as_text=True)


RECOMMEND = {
    "en": "recommend",
    "zh-Hans": "推荐",
    "pt": "recomend",
    "es": "recomien",
    "fr": "recommand",
    "de": "empfehlen",
}


@pytest.mark.parametrize("tongue", GUEST_LANGUAGES)
def test_mail_text_message_and_page_ask_the_one_question_that_the_nps_is_made_of(tongue: str) -> None:
    page = yaml.safe_load((Path(api.__file__).parent / "survey_texts.yaml").read_text())[tongue]
    shipped = Path(api.__file__).parent.parent.parent / "messaging" / "shipped" / "post-stay-survey.yaml"
    letter = yaml.safe_load(shipped.read_text())["locales"][tongue]
    asked = next(part for part in letter["email"]["body"] if RECOMMEND[tongue] in str(part))
    assert RECOMMEND[tongue] in page["question"] and RECOMMEND[tongue] in letter["sms"]["text"]
    assert page["title"] == letter["email"]["subject"]
    for text in (page["question"], asked, letter["sms"]["text"]):
        assert text.count("?") + text.count("？") == 1 and "10" in text, text


def test_the_page_sets_no_cookie_asks_no_third_party_and_is_light(feedback: Feedback, phone: Browser) -> None:
    page = phone.get(link(feedback))
    html = page.get_data(as_text=True)
    assert "Set-Cookie" not in page.headers
    assert "<script" not in html and not re.search(r'(?:src|href)="(?:https?:)?//', html)
    sheets = [FOLDER / "static" / path for path in re.findall(r'href="/static/([^"]+)"', html)]
    assert len(html.encode()) + sum(sheet.stat().st_size for sheet in sheets) <= 30_000


def test_looking_votes_for_nobody(feedback: Feedback, phone: Browser) -> None:
    page = phone.get(f"{link(feedback)}?score=9")
    assert re.search(r'value="9" required checked', page.get_data(as_text=True))
    assert phone.client.head(link(feedback)).status_code == 200
    assert feedback.published("survey.answered.v1") == []


def test_an_answer_is_taken_and_the_guest_is_told_what_happens_now(feedback: Feedback, phone: Browser) -> None:
    thanks = phone.post(link(feedback), {"score": "9", "comment": "Lovely"})
    assert "You gave us 9 of 10." in words(thanks) and "nothing more to do" in words(thanks)
    (said,) = feedback.published("survey.answered.v1")
    assert (said["score"], feedback.database.keyring.open(said["comment"], Sealing.WORDS)) == (9, "Lovely")
    assert "Set-Cookie" not in thanks.headers


def test_a_low_score_is_promised_a_look_by_the_hour_of_its_case(feedback: Feedback, phone: Browser) -> None:
    values = {"id": uuid4(), "person": None, "number": "+351910000101", "email": "", "wakes": True}
    with feedback.tx() as tx:
        add_to_list(tx, "LIS", {**values, "quiet_from": None, "quiet_until": None}, "Night desk")
    thanks = phone.post(link(feedback), {"score": "2"})
    assert "has been asked to look into it within 16 hours" in words(thanks) and "desk@example.com" in words(thanks)
    assert [case["level"] for case in feedback.published("case.opened.v1")] == [3]


def test_where_nobody_was_asked_the_guest_is_not_told_so(feedback: Feedback, phone: Browser) -> None:
    thanks = words(phone.post(link(feedback), {"score": "2"}))
    assert "Your answer waits for a person at Lisbon" in thanks and "asked to look" not in thanks
    assert [case["level"] for case in feedback.published("case.opened.v1")] == [3]


def test_an_answer_may_be_changed_for_three_days_and_is_told_so(feedback: Feedback, phone: Browser) -> None:
    phone.post(link(feedback), {"score": "9", "comment": "Lovely"})
    page = phone.get(link(feedback))
    assert "You gave us 9 of 10. For three days" in words(page) and "Lovely" not in words(page)
    assert re.search(r'value="9" required checked', page.get_data(as_text=True))
    phone.post(link(feedback), {"score": "4"})
    last = feedback.published("survey.answered.v1")[-1]
    assert (last["score"], last["version"]) == (4, 2)
    assert feedback.database.keyring.open(last["comment"], Sealing.WORDS) == "Lovely"


@pytest.mark.parametrize(
    ("answered", "later", "says"), [(True, timedelta(hours=72), "is answered"), (False, timedelta(days=90), "closed")]
)
def test_a_link_that_takes_no_answer_any_more_says_why(
    feedback: Feedback, phone: Browser, answered: bool, later: timedelta, says: str
) -> None:
    if answered:
        phone.post(link(feedback), {"score": "9"})
    before = feedback.published("survey.answered.v1")
    late = browser(SERVICE.build_web, Config(), feedback.database, None, at=AT + later)
    for page in (late.get(link(feedback)), late.post(link(feedback), {"score": "0"})):
        assert page.status_code == 200 and says in words(page)
    assert feedback.published("survey.answered.v1") == before
    assert feedback.published("case.opened.v1") == []


def test_another_language_keeps_what_was_typed(feedback: Feedback, phone: Browser) -> None:
    page = phone.post(f"{link(feedback)}?in=de", {"score": "7", "comment": "The pillows <b>", "switch": "de"})
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and '<html lang="de">' in html
    assert re.search(r'value="7" required checked', html) and "The pillows &lt;b&gt;" in html
    assert feedback.published("survey.answered.v1") == []


@pytest.mark.parametrize(("score", "says"), [("", "Choose a number"), ("11", "Choose a number"), ("x", "Choose")])
def test_an_answer_without_a_score_keeps_the_words(feedback: Feedback, phone: Browser, score: str, says: str) -> None:
    page = phone.post(link(feedback), {"score": score, "comment": "The pillows <b>"})
    assert page.status_code == 422
    assert says in words(page) and "The pillows &lt;b&gt;" in page.get_data(as_text=True)
    assert feedback.published("survey.answered.v1") == []


def test_words_beyond_measure_are_refused_kindly(feedback: Feedback, phone: Browser) -> None:
    page = phone.post(link(feedback), {"score": "9", "comment": "x" * 4001})
    assert page.status_code == 422 and "shorter than 4,000" in words(page)


def test_a_link_that_is_cut_forged_or_of_another_purpose_gets_one_kind_sentence(
    feedback: Feedback, phone: Browser
) -> None:
    whole = link(feedback)
    for bad in (whole[:-3], whole.replace("/survey/", "/survey/x"), link(feedback, "unsubscribe")):
        for page in (phone.get(bad), phone.post(bad, {"score": "0"}), phone.get(f"{bad}/thanks")):
            assert page.status_code == 404
            assert "This link is not complete." in words(page)
    assert feedback.published("survey.answered.v1") == []


def test_a_message_that_is_no_survey_cannot_be_answered(feedback: Feedback, phone: Browser) -> None:
    offer = feedback.sent("win-back", purpose="marketing")
    token = LinkSigner.of(feedback.database.keyring).sign("survey", offer)
    assert phone.get(f"/feedback/survey/{token}").status_code == 404


def test_a_survey_not_heard_of_yet_asks_to_come_back(feedback: Feedback, phone: Browser) -> None:
    token = LinkSigner.of(feedback.database.keyring).sign("survey", make_id("message", "on its way"))
    page = phone.get(f"/feedback/survey/{token}")
    assert page.status_code == 503 and "in a few minutes" in words(page)


def test_an_erased_guest_who_answers_by_an_old_link_is_thanked_and_leaves_a_score_only(
    feedback: Feedback, phone: Browser
) -> None:
    old = link(feedback)
    feedback.erased(ANA, 9)
    assert phone.get(old).status_code == 200
    assert phone.post(old, {"score": "2", "comment": "I am Ana Silva"}).status_code == 200
    assert feedback.all("select score, comment_sealed, stay_id from survey_answer") == [(2, None, None)]
    assert feedback.all("select from care_case") == []
    assert feedback.published("survey.answered.v1") == []


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("zh-Hans", "您打了 9 分"),
        ("pt", "Deu-nos 9 em 10"),
        ("es", "Nos ha dado 9 de 10"),
        ("fr", "9 sur 10"),
        ("de", "9 von 10"),
    ],
)
def test_each_language_is_a_tap_away_and_stays_chosen(feedback: Feedback, phone: Browser, tag: str, says: str) -> None:
    page = phone.get(f"{link(feedback)}?in={tag}").get_data(as_text=True)
    assert f'<html lang="{tag}">' in page
    found = re.search(r' action="([^"]+)"', page)
    assert found and says in words(phone.post(found[1], {"score": "9"}))


def test_a_guest_reads_her_own_language_first(feedback: Feedback, phone: Browser) -> None:
    feedback.knows(ANA, 2, language="zh-CN")
    assert '<html lang="zh-Hans">' in phone.get(link(feedback)).get_data(as_text=True)


@pytest.mark.parametrize("name", ["survey_texts", "sms_texts", "whatsapp_texts"])
def test_every_language_says_everything(name: str) -> None:
    found = yaml.safe_load((Path(api.__file__).parent / f"{name}.yaml").read_text())
    assert list(found) == list(GUEST_LANGUAGES)
    for tag, told in found.items():
        assert list(told) == list(found["en"]), tag
        for key, text in told.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", found["en"][key])), (tag, key)


def branded(feedback: Feedback, **brand: Any) -> None:
    with feedback.tx() as tx:
        there = tx.execute("select version from property_known where code = 'LIS'").fetchone()
    assert there
    feedback.property_says(6, there[0] + 1, **brand)


def test_the_hotel_is_seen_by_its_name_in_the_guests_language_its_colour_and_its_logo(
    feedback: Feedback, phone: Browser
) -> None:
    branded(feedback, names={"zh-Hans": "里斯本特茹之家"}, colour="#1f4e79", logo="ab" * 32)
    page = phone.get(f"{link(feedback)}?in=zh-Hans")
    html = page.get_data(as_text=True)
    assert "向亲友推荐里斯本特茹之家" in words(page) and f'src="/brand/{"ab" * 32}"' in html
    assert "prefers-color-scheme: light" in html and "--accent: #1f4e79" in html
    assert "recommend Lisbon" in words(phone.get(f"{link(feedback)}?in=en"))
    branded(feedback)
    assert "/brand/" not in phone.get(link(feedback)).get_data(as_text=True)


def test_a_hotel_told_of_by_an_earlier_version_has_no_brand_of_its_own(feedback: Feedback, phone: Browser) -> None:
    html = phone.get(link(feedback)).get_data(as_text=True)
    assert "--accent:" not in html and "<img" not in html


@pytest.mark.parametrize("name", ["token", "status", "words", "problems", "house"])
def test_a_form_with_strange_fields_is_told_what_is_missing(feedback: Feedback, phone: Browser, name: str) -> None:
    answer = phone.post(link(feedback), {name: "x", "comment": "Kept words"})
    assert answer.status_code == 422 and "Kept words" in answer.get_data(as_text=True)
