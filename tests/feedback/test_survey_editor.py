"""What surveys ask is written, tried, published and counted in the console, by plain forms."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.feedback.commands.surveys.questionnaires import begin_draft, change_draft
from services.feedback.config import Config
from services.feedback.service import SERVICE
from services.feedback.store.surveys.questionnaires import draft, in_force, versions
from tests.cast import ADA, ANA, ANTON, DINA, FILIPA, MARTA, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.questionnaires import LONG, publish
from tests.feedback.test_survey_questions import answer_all, fill, link
from tests.web import Browser, browser, words

PATH = "/feedback/surveys/LIS"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    feedback.sent("survey")
    return feedback


def as_(feedback: Feedback, who: Member | None) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who, at=AT)


@pytest.fixture
def marta(feedback: Feedback) -> Browser:
    return as_(feedback, MARTA)


def post(who: Browser, verb: str, values: dict[str, Any] | None = None) -> TestResponse:
    page = who.get(f"{PATH}/draft").get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    return who.post(f"{PATH}/draft{verb}", {"version": version[1] if version else "0", **(values or {})})


def actions(feedback: Feedback) -> list[str]:
    return [one["action"] for one in feedback.published("audit.recorded.v1")]


def test_a_survey_is_written_question_by_question_tried_and_published(feedback: Feedback, marta: Browser) -> None:
    marta.get(PATH)
    page = words(marta.post(f"{PATH}/draft"))
    assert "A draft." in page and "Recommendation, 0 to 10 (NPS)" in page
    post(marta, "/questions/nps", {"text.en": "Would you recommend {house}?"})
    post(marta, "/questions", {"kind": "choice"})
    values = {"text.en": "Why did you come?", "text.zh-Hans": "您为何而来？", "required": "1"}
    values |= {"options.en": "Business\nHoliday\n", "options.zh-Hans": "商务\n度假"}
    post(marta, "/questions/choice", values)
    post(marta, "/questions", {"kind": "csat"})
    when = {"when": "choice", "when.options": ["choice.Business"], "text.en": "And the desk?"}
    post(marta, "/questions/csat", when)
    post(marta, "/questions/choice/earlier")
    preview = words(marta.get(f"{PATH}/preview?in=zh-Hans"))
    assert "您为何而来？" in preview and "商务" in preview and "And the desk?" in preview
    assert "Published as version 1." in words(post(marta, "/publication"))
    with feedback.tx() as tx:
        (version,) = versions(tx, "LIS")
        assert draft(tx, "LIS") is None
    assert version.questionnaire is not None
    assert [one.code for one in version.questionnaire.questions] == ["nps", "choice", "comment", "csat"]
    assert version.published_by == "Marta Marques"
    first, *_, last = [one for one in actions(feedback) if one.startswith("survey.")]
    assert (first, last) == ("survey.draft_begun", "survey.published")
    page = words(as_(feedback, None).get(link(feedback)))
    assert "Why did you come?" in page and "Would you recommend Lisbon?" in page


def test_a_draft_asks_nobody_and_a_published_version_stays_as_it_was(feedback: Feedback, marta: Browser) -> None:
    publish(feedback)
    marta.get(PATH)
    marta.post(f"{PATH}/draft")
    post(marta, "/questions/csat", {"text.en": "Something else?"})
    assert "Something else?" in words(marta.get(f"{PATH}/draft"))
    with feedback.tx() as tx:
        assert [one.questionnaire for one in versions(tx, "LIS")] == [LONG]
    post(marta, "/removal")
    assert "Something else?" not in words(marta.get(PATH))


@pytest.mark.parametrize(
    ("change", "values", "says"),
    [
        ("/questions", {"kind": "csat"}, "It is missing in the language of the survey."),
        ("/questions", {"kind": "choice"}, "Write two to twelve, one a line."),
        ("/questions/comment", {"when": "nps", "when.number": "11"}, "Write a number that the question has."),
        ("/questions/comment", {"when": "nps", "when.number": "²"}, "Write a number that the question has."),
    ],
)
def test_what_is_wrong_is_marked_and_keeps_it_from_being_published(
    feedback: Feedback, marta: Browser, change: str, values: dict[str, str], says: str
) -> None:
    marta.get(PATH)
    marta.post(f"{PATH}/draft")
    assert says in words(post(marta, change, values))
    page = post(marta, "/publication")
    assert page.status_code == 422 and "look at what is marked" in words(page) and says in words(page)
    with feedback.tx() as tx:
        assert in_force(tx, "LIS") is None


def test_who_has_not_seen_the_draft_as_it_is_changes_nothing(feedback: Feedback, marta: Browser) -> None:
    marta.get(PATH)
    marta.post(f"{PATH}/draft")
    with feedback.tx() as tx:
        change_draft(tx, "LIS", 1, lambda one: one, AT, by="Ada Azevedo")
    for verb, values in (("/questions", {"kind": "csat"}), ("/publication", {}), ("/language", {"language": "de"})):
        page = marta.post(f"{PATH}/draft{verb}", {"version": "1", **values})
        assert page.status_code == 409 and "Somebody else changed this draft meanwhile." in words(page)
    with feedback.tx() as tx:
        assert len(begin_draft(tx, "LIS", AT, by="x").questionnaire.questions) == 2


def test_the_language_of_the_survey_is_where_every_text_has_to_be(feedback: Feedback, marta: Browser) -> None:
    marta.get(PATH)
    marta.post(f"{PATH}/draft")
    post(marta, "/language", {"language": "de"})
    post(marta, "/questions", {"kind": "stars"})
    post(marta, "/questions/stars", {"text.en": "How many stars?"})
    assert post(marta, "/publication").status_code == 422
    post(marta, "/questions/stars", {"text.de": "Wie viele Sterne?"})
    assert post(marta, "/publication").status_code == 200
    page = as_(feedback, None).get(f"{link(feedback)}?in=fr")
    assert "Wie viele Sterne?" in words(page) and '<html lang="fr">' in page.get_data(as_text=True)


def test_strange_forms_change_nothing(feedback: Feedback, marta: Browser) -> None:
    marta.get(PATH)
    marta.post(f"{PATH}/draft")
    for verb, values in (
        ("/questions", {"kind": "nothing"}), ("/language", {"language": "tlh"}), ("/questions/nps/later", {}),
    ):  # fmt: skip
        assert post(marta, verb, values).status_code == 200
    assert post(marta, "/questions/none", {}).status_code == 404
    assert marta.post(f"{PATH}/draft/questions/nps/sideways", {}).status_code == 404
    post(marta, "/questions/comment", {"text.en": " What  now? "})
    with feedback.tx() as tx:
        found = draft(tx, "LIS")
    assert found and [one.code for one in found.questionnaire.questions] == ["comment", "nps"]
    assert found.questionnaire.questions[0].texts == {"en": "What now?"}


@pytest.mark.parametrize(("who", "sees"), [(ANTON, 200), (DINA, 200), (FILIPA, 200), (None, 302)])
def test_others_may_look_and_not_write(feedback: Feedback, who: Member | None, sees: int) -> None:
    publish(feedback)
    theirs = as_(feedback, who)
    assert theirs.get(PATH).status_code == sees
    page = theirs.get("/feedback/surveys").get_data(as_text=True)
    assert "Change the questions" not in page
    assert theirs.get(f"{PATH}/draft").status_code == (302 if who is None else 403)
    theirs.post(f"{PATH}/draft", follow=False)
    with feedback.tx() as tx:
        assert draft(tx, "LIS") is None


def test_another_hotels_survey_is_not_there(feedback: Feedback) -> None:
    publish(feedback)
    assert as_(feedback, WEI).get(PATH).status_code == 404
    assert "Lisbon" not in words(as_(feedback, WEI).get("/feedback/surveys"))


def test_the_survey_of_every_hotel_is_withdrawn_and_its_versions_stay(feedback: Feedback, marta: Browser) -> None:
    publish(feedback, place="")
    page = words(marta.get("/feedback/surveys"))
    assert "its own questions, version 1" in page and "what every hotel asks" in page
    marta.get("/feedback/surveys/-")
    marta.post("/feedback/surveys/-/withdrawal")
    page = words(marta.get("/feedback/surveys/-"))
    assert "As it is shipped." in page and "Version 2: nothing of its own" in page
    assert "One question about your stay" in words(as_(feedback, None).get(link(feedback)))


def test_answers_are_summed_question_by_question_of_surveys_that_were_sent(feedback: Feedback) -> None:
    publish(feedback)
    phone = as_(feedback, None)
    for number, csat in enumerate(("5", "4", "2")):
        feedback.sent(f"survey {number}")
        answer_all(phone, link(feedback, f"survey {number}"), csat=csat)
    fill(phone, link(feedback), {"nps": "0"})
    fill(phone, link(feedback), {"csat": "1", "what": "x"})
    for who in (ANTON, DINA):
        page = words(as_(feedback, who).get(PATH))
        assert "4 guests began it, 3 sent it." in page and "NPS 100" in page
        assert "And the room? Satisfaction, 1 to 5 (CSAT) 3 67 % 3.7" in page
        assert "Restaurant and bar 3 100 % 5.0" in page and "Business 3 100 %" in page and "Holiday 0 0 %" in page
    ada = as_(feedback, ADA)
    assert [ada.get(f"{PATH}?version={number}").status_code for number in ("1", "7", "x")] == [200, 404, 404]


def test_figures_of_the_survey_for_every_hotel_are_those_of_the_readers_hotels(feedback: Feedback) -> None:
    publish(feedback, place="")
    answer_all(as_(feedback, None), link(feedback))
    assert "1 sent it." in words(as_(feedback, DINA).get("/feedback/surveys/-"))
    assert "0 sent it." in words(as_(feedback, WEI).get("/feedback/surveys/-"))
