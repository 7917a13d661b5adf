"""A guest answers a survey with a hotel's own questions, page by page, without a script."""

from __future__ import annotations

import re
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from time import sleep
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.commands.surveys.questionnaires import withdraw
from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.crypto.signing import LinkSigner
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.web.app import FOLDER
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ADA, ANA, ANTON, MARTA, WEI
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, Feedback
from tests.feedback.questionnaires import NPS, options, publish, question, questionnaire
from tests.loopback import PATIENCE
from tests.web import Browser, browser, words


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


def link(feedback: Feedback, what: str = "survey") -> str:
    token = LinkSigner.of(feedback.database.keyring).sign("survey", make_id("message", what))
    return f"/feedback/survey/{token}"


def fill(phone: Browser, path: str, values: dict[str, Any]) -> TestResponse:
    """The page as it stands, with these answers, by its own address."""
    html = phone.get(path).get_data(as_text=True)
    return fill_seen(phone, html, values)


def fill_seen(phone: Browser, html: str, values: dict[str, Any]) -> TestResponse:
    found = re.search(r'<form id="answer"[^>]* action="([^"]+)"', html)
    assert found, html
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    return phone.post(found[1].replace("&amp;", "&"), {**hidden, **values}, content_type="multipart/form-data")


def photo() -> tuple[BytesIO, str]:
    made, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Quartz Camera"
    Image.new("RGB", (30, 20), "red").save(made, "JPEG", exif=exif)
    return BytesIO(made.getvalue()), "room.jpg"


def answer_all(phone: Browser, path: str, score: str = "9", **more: Any) -> TestResponse:
    fill(phone, path, {"nps": score})
    fill(phone, path, {"csat": "4", "departments.food": "5", **more})
    return fill(phone, path, {"why": "Business", "comment": "Lovely view"})


def test_a_hotel_without_a_questionnaire_asks_the_one_question_as_before(feedback: Feedback, phone: Browser) -> None:
    publish(feedback, place="SHA")
    page = phone.get(link(feedback))
    assert "One question about your stay" in words(page) and 'name="comment"' in page.get_data(as_text=True)
    phone.post(link(feedback), {"score": "9", "comment": "Lovely"})
    assert feedback.all("select from survey_response") == []


def test_the_hotels_own_comes_before_that_of_every_hotel_and_goes_when_it_is_withdrawn(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback, questionnaire(NPS, question("csat", texts={"en": "Of every hotel?"})), place="")
    assert "Of every hotel?" in words(phone.get(link(feedback)))
    publish(feedback, questionnaire(NPS, question("csat", texts={"en": "Lisbon’s own?"})))
    assert "Lisbon’s own?" in words(phone.get(link(feedback)))
    with feedback.tx() as tx:
        assert withdraw(tx, "LIS", AT, by="Marta Marques") == 2
        assert withdraw(tx, "LIS", AT, by="Marta Marques") is None
    assert "Of every hotel?" in words(phone.get(link(feedback)))


def test_pages_are_kept_as_they_are_left_and_all_counts_when_it_is_sent(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    first = fill(phone, link(feedback), {"nps": "9"})
    assert "And the room?" in words(first) and "What went wrong?" not in words(first)
    assert feedback.published("survey.answered.v1") == []
    assert feedback.all("select field, number from survey_value") == [("nps", 9)]
    assert "And the room?" in words(phone.get(link(feedback)))  # on another day they go on there
    fill(phone, link(feedback), {"csat": "4", "departments.food": "5"})
    thanks = fill(phone, link(feedback), {"why": ["Business", "Holiday"], "comment": "Lovely view"})
    assert "You gave us 9 of 10." in words(thanks)
    (said,) = feedback.published("survey.answered.v1")
    opened = feedback.database.keyring.open
    assert (said["score"], opened(said["comment"], Sealing.WORDS)) == (9, "Lovely view")
    kept = feedback.all("select field, number, choices from survey_value order by field")
    assert kept == [
        ("comment", None, []), ("csat", 4, []), ("departments.food", 5, []), ("why", None, ["Business", "Holiday"]),
    ]  # fmt: skip
    sealed = feedback.one("select words_sealed from survey_value where field = 'comment'")
    assert "Lovely" not in sealed and opened(Sealed(sealed), Sealing.WORDS) == "Lovely view"
    assert feedback.one("select submitted_at from survey_response") == AT


def test_one_that_is_never_sent_is_no_answer(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "0"})
    fill(phone, link(feedback), {"csat": "1", "what": "The lift is on fire"})
    assert feedback.all("select from survey_answer") == [] == feedback.published("case.opened.v1")
    assert feedback.one("select submitted_at from survey_response") is None


def test_a_low_score_sees_its_own_question_and_all_words_are_read_for_what_cannot_wait(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback)
    assert "What went wrong?" in words(fill(phone, link(feedback), {"nps": "6"}))
    fill(phone, link(feedback), {"csat": "2", "what": "Water is leaking through the ceiling"})
    fill(phone, link(feedback), {"comment": "We tell our friends"})
    (said,) = feedback.published("survey.answered.v1")
    opened = feedback.database.keyring.open(said["comment"], Sealing.WORDS)
    assert opened == "Water is leaking through the ceiling\n\nWe tell our friends"
    (case,) = feedback.published("case.opened.v1")
    assert case["because"] == "urgent"


def test_what_hung_on_an_answer_that_was_changed_is_forgotten(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "2"})
    fill(phone, link(feedback), {"what": "The noise", "csat": "1", "go": "back"})
    page = phone.get(link(feedback)).get_data(as_text=True)
    assert re.search(r'name="nps" value="2" required checked', page)
    answer_all(phone, link(feedback))
    assert feedback.one("select count(*) from survey_value where field = 'what'") == 0
    (said,) = feedback.published("survey.answered.v1")
    assert feedback.database.keyring.open(said["comment"], Sealing.WORDS) == "Lovely view"


def test_a_version_that_was_begun_is_the_one_that_is_answered(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    seen = phone.get(link(feedback)).get_data(as_text=True)
    other = questionnaire(NPS, question("stars", texts={"en": "How many stars?"}))
    assert publish(feedback, other) == 2
    assert "And the room?" in words(fill_seen(phone, seen, {"nps": "9"}))  # opened before, answered as it was seen
    answer_all(phone, link(feedback))
    assert feedback.one("select number from survey_response") == 1
    feedback.sent("next")
    assert "How many stars?" in words(phone.get(link(feedback, "next")))


def test_a_page_opened_before_a_questionnaire_was_published_is_answered_as_it_was(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback)
    assert "Thank you" in words(phone.post(link(feedback), {"score": "9", "comment": "Lovely"}))


@pytest.mark.parametrize("asked", ["SHA:1", "LIS:99", "LIS:x", "", "LIS:1:1", "LIS:99999999999999"])
def test_a_form_cannot_ask_for_another_hotels_questions(feedback: Feedback, phone: Browser, asked: str) -> None:
    publish(feedback, questionnaire(NPS, question("csat", texts={"en": "Shanghai?"})), place="SHA")
    publish(feedback)
    page = fill(phone, link(feedback), {"nps": "9", "asked": asked})
    assert "And the room?" in words(page)
    assert feedback.all("select place, number from survey_response") == [("LIS", 1)]


def test_what_has_to_be_answered_is_told_beside_it_and_the_rest_is_kept(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "9"})
    page = fill(phone, link(feedback), {"departments.housekeeping": "3"})
    assert page.status_code == 422 and "Choose an answer." in words(page)
    assert re.search(r'name="departments.housekeeping" value="3" checked', page.get_data(as_text=True))


def test_a_form_of_somebodys_own_passes_over_no_page(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    page = fill(phone, link(feedback), {"page": "2", "comment": "x"})
    assert page.status_code == 422 and "Choose an answer." in words(page) and "recommend" in words(page)
    for strange in ("-1", "99", "x", "²"):
        assert fill(phone, link(feedback), {"page": strange, "nps": ""}).status_code in (200, 422)
    assert feedback.all("select from survey_answer") == []


@pytest.mark.parametrize("value", ["11", "-1", "x", "９", "9.5", "999999999999"])
def test_a_number_that_the_question_does_not_have_is_none(feedback: Feedback, phone: Browser, value: str) -> None:
    publish(feedback)
    assert fill(phone, link(feedback), {"nps": value}).status_code == 422
    assert feedback.all("select from survey_value") == []


def test_another_language_keeps_what_was_typed_and_chosen(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "3"})
    html = phone.get(link(feedback)).get_data(as_text=True).replace("?in=en", "?in=zh-Hans")
    page = fill_seen(phone, html, {"csat": "2", "what": "The <b> pillows", "switch": "zh-Hans"})
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and '<html lang="zh-Hans">' in html and "哪里不满意？" in html
    assert "The &lt;b&gt; pillows" in html and re.search(r'name="csat" value="2" required checked', html)
    assert "客房" in html  # departments in the guest's language


def test_a_score_in_the_address_is_chosen_and_never_given(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    page = phone.get(f"{link(feedback)}?score=9").get_data(as_text=True)
    assert re.search(r'name="nps" value="9" required checked', page) and feedback.all("select from survey_value") == []
    later = questionnaire(question("csat"), question("stars"), question("ces"), NPS)
    publish(feedback, later)
    second = fill(phone, f"{link(feedback)}?score=9", {})
    assert re.search(r'name="nps" value="9" required checked', second.get_data(as_text=True))


def test_the_surveys_of_a_stay_are_one_and_are_changed_for_three_days(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    stay = make_id("stay", "LIS-7")
    for what in ("by mail", "by text"):
        feedback.sent(what, stay=stay)
    fill(phone, link(feedback, "by mail"), {"nps": "9"})
    assert "And the room?" in words(phone.get(link(feedback, "by text")))
    answer_all(phone, link(feedback, "by text"))
    page = phone.get(link(feedback, "by mail"))
    assert "You gave us 9 of 10. For three days" in words(page) and "Lovely" not in words(page)
    answer_all(phone, link(feedback, "by mail"), "4", what="Bed")
    assert feedback.all("select score from survey_answer") == [(4,)]
    late = browser(SERVICE.build_web, Config(), feedback.database, None, at=AT + timedelta(hours=72))
    for page in (late.get(link(feedback, "by text")), late.post(link(feedback, "by text"), {"asked": "LIS:1"})):
        assert "is answered" in words(page)


def test_a_second_tap_on_send_finds_it_sent(feedback: Feedback, phone: Browser) -> None:
    """The second waits for the first, which commits while it waits."""
    publish(feedback, questionnaire(NPS))
    html = phone.get(link(feedback)).get_data(as_text=True)
    fill_seen(phone, html, {"nps": "9", "switch": "en"})
    other = browser(SERVICE.build_web, Config(), feedback.database, None, at=AT)
    with ThreadPoolExecutor(1) as pool:
        with feedback.tx() as tx:
            tx.execute("select from survey_response for update")
            second = pool.submit(fill_seen, other, html, {})
            until_somebody_waits(feedback)
            message_id = make_id("message", "survey")
            answer_survey(tx, message_id, 9, None, Channel.SMS, AT)
            tx.execute("delete from survey_value")
        assert "You gave us 9 of 10." in words(second.result(timeout=PATIENCE))
    assert feedback.all("select score from survey_answer") == [(9,)]


def until_somebody_waits(feedback: Feedback) -> None:
    for _ in range(300):
        if feedback.one("select count(*) from pg_locks where not granted"):
            return
        sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_score_by_text_message_stands_in_the_page_and_the_rest_is_asked(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    with feedback.tx() as tx:
        point = feedback.point("sms", NUMBER)
        receive_reply(tx, Reply(ref="9", channel=Channel.SMS, point=point, text="9"), AT)
    assert re.search(r'name="nps" value="9" required checked', phone.get(link(feedback)).get_data(as_text=True))


def test_a_department_rated_low_follows_up_once_and_only_where_the_score_does_not(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback)
    for _ in range(2):
        answer_all(phone, link(feedback), **{"departments.housekeeping": "2", "departments.food": "1"})
    assert [(one["level"], one["department"]) for one in feedback.published("case.opened.v1")] == [(1, "food")]
    feedback.sent("low")
    answer_all(phone, link(feedback, "low"), "2", **{"departments.food": "1"})
    assert [one["level"] for one in feedback.published("case.opened.v1")] == [1, 3]


def test_a_picture_is_kept_small_sealed_and_replaced(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    answer = {"nps": "9"}
    fill(phone, link(feedback), answer)
    fill(phone, link(feedback), {"csat": "4"})
    assert "/pictures?in=" in phone.get(link(feedback)).get_data(as_text=True)
    page = fill(phone, link(feedback), {"photo": photo(), "go": "back"})
    assert page.status_code == 200
    first, sealed = feedback.all("select picture_id, content_sealed from survey_picture")[0]
    content = b64decode(feedback.database.keyring.open(Sealed(sealed), Sealing.WORDS))
    assert content.startswith(b"\xff\xd8") and b"Quartz" not in content
    fill(phone, link(feedback), {"csat": "4"})
    assert "Your photo is kept." in words(phone.get(link(feedback)))
    page = fill(phone, link(feedback), {"photo": (BytesIO(b"no picture"), "room.jpg")})
    assert page.status_code == 422 and "This is no photo that can be shown." in words(page)
    assert feedback.all("select picture_id from survey_picture") == [(first,)]


def test_a_large_body_comes_in_by_the_address_for_pictures_alone_and_by_a_whole_link(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback)
    large = {"asked": "LIS:1", "nps": "9", "comment": "x" * 100_000}
    assert phone.post(link(feedback), large, content_type="multipart/form-data").status_code == 413
    forged = link(feedback)[:-3]
    assert phone.post(f"{forged}/pictures", large, content_type="multipart/form-data").status_code == 404
    assert feedback.all("select from survey_response") == []


def test_an_erased_guest_leaves_numbers_and_no_words_or_pictures(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    old = link(feedback)
    feedback.erased(ANA, 9)
    fill(phone, old, {"nps": "9"})
    fill(phone, old, {"csat": "4", "departments.food": "1"})
    fill(phone, old, {"comment": "I am Ana Silva", "photo": photo()})
    assert feedback.all("select from survey_picture") == [] == feedback.all("select from care_case")
    assert feedback.one("select count(*) from survey_value where words_sealed is not null") == 0
    assert feedback.all("select score, comment_sealed from survey_answer") == [(9, None)]


def test_erasing_a_guest_takes_words_and_pictures_and_leaves_the_figures(feedback: Feedback, phone: Browser) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "9"})
    fill(phone, link(feedback), {"csat": "4"})
    fill(phone, link(feedback), {"comment": "I am Ana Silva", "photo": photo()})
    feedback.erased(ANA, 9)
    assert feedback.all("select from survey_picture") == []
    assert feedback.all("select field, number, words_sealed from survey_value where kind <> 'picture'") == [
        ("csat", 4, None), ("comment", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("tag", GUEST_LANGUAGES)
def test_every_kind_is_asked_in_every_language_and_the_page_is_light_and_without_script(
    feedback: Feedback, phone: Browser, tag: str
) -> None:
    every = [question("departments", departments=["front_desk", "housekeeping", "engineering", "food", "spa"])]
    every += [question("csat"), question("ces"), NPS, question("stars"), question("text"), question("picture")]
    every.append(question("choice", options=options(*(f"Choice {n}" for n in range(12)))))
    publish(feedback, questionnaire(*every))
    page = phone.get(f"{link(feedback)}?in={tag}")
    html = page.get_data(as_text=True)
    assert "<script" not in html and "Set-Cookie" not in page.headers
    sheets = [FOLDER / "static" / path for path in re.findall(r'href="/static/([^"]+)"', html)]
    assert len(html.encode()) + sum(sheet.stat().st_size for sheet in sheets) <= 30_000


def test_words_of_three_questions_in_chinese_pass_the_small_door(feedback: Feedback, phone: Browser) -> None:
    publish(feedback, questionnaire(NPS, *(question(f"text_{n}", "text") for n in range(1, 3)), question("csat")))
    page = fill(phone, link(feedback), {"nps": "9", "text_1": "好" * 4000, "text_2": "𠮷" * 4000})
    assert page.status_code == 200 and "About csat?" in words(page)


def test_a_survey_not_heard_of_yet_asks_to_come_back_whatever_is_sent(feedback: Feedback, phone: Browser) -> None:
    token = LinkSigner.of(feedback.database.keyring).sign("survey", make_id("message", "on its way"))
    for values in ({"score": "9"}, {"asked": "LIS:1"}):
        assert phone.post(f"/feedback/survey/{token}", values).status_code == 503


def test_what_was_given_stands_on_the_story_and_the_case_and_pictures_behind_the_sign_in(
    feedback: Feedback, phone: Browser
) -> None:
    publish(feedback)
    fill(phone, link(feedback), {"nps": "3"})
    fill(phone, link(feedback), {"csat": "2", "departments.food": "1", "what": "Noise"})
    fill(phone, link(feedback), {"why": "Business", "photo": photo()})
    ada = browser(SERVICE.build_web, Config(), feedback.database, ADA, at=AT)
    case_id = feedback.one("select case_id from care_case")
    case = ada.get(f"/feedback/cases/{case_id}").get_data(as_text=True)
    story = "".join(one["html"] for one in ada.get(f"/feedback/guests/{ANA}/story").get_json()["entries"])
    answers = ada.get("/feedback/answers").get_data(as_text=True)
    for page in (case, story, answers):
        for seen in ("And the room?", "2 of 5", "Restaurant and bar", "Business"):
            assert seen in page
    address = re.search(r"/feedback/survey-pictures/[0-9a-f-]+", case)
    assert address
    shown = ada.client.get(address[0])
    assert shown.status_code == 200 and shown.headers["Cache-Control"] == "private, no-store"
    assert phone.get(address[0]).status_code in (302, 303, 401)
    for other, status in ((WEI, 404), (ANTON, 403)):
        theirs = browser(SERVICE.build_web, Config(), feedback.database, other, at=AT)
        assert theirs.get(address[0]).status_code == status
    marta = browser(SERVICE.build_web, Config(), feedback.database, MARTA, at=AT)
    assert "which your account does not see" in words(marta.get(f"/feedback/cases/{case_id}"))
