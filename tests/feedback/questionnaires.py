"""Questionnaires that tests publish."""

from __future__ import annotations

from typing import Any

from services.feedback.commands.surveys.questionnaires import begin_draft, change_draft, publish_draft
from services.feedback.rules.asking.questionnaire_document import read_document
from services.feedback.rules.asking.questionnaires import Questionnaire
from tests.feedback.cast import AT, Feedback

EMPTY = {"required": False, "texts": {}, "options": [], "several": False, "departments": [], "when": None}


def question(code: str, kind: str = "", **more: Any) -> dict[str, Any]:
    texts = {} if (kind or code) in ("nps", "text") else {"en": f"About {code}?"}
    return {**EMPTY, "code": code, "kind": kind or code, "texts": texts, **more}


def options(*texts: str) -> list[dict[str, Any]]:
    return [{"code": text, "texts": {"en": text}} for text in texts]


def when(code: str, test: str = "at_most", number: int = 0, *chosen: str) -> dict[str, Any]:
    return {"question": code, "test": test, "number": number, "options": list(chosen)}


NPS = question("nps", required=True)


def questionnaire(*questions: dict[str, Any], language: str = "en") -> Questionnaire:
    return read_document({"language": language, "questions": list(questions)})


LONG = questionnaire(
    NPS,
    question("what", "text", when=when("nps", number=6), texts={"en": "What went wrong?", "zh-Hans": "哪里不满意？"}),
    question("csat", required=True, texts={"en": "And the room?", "zh-Hans": "对客房满意吗？"}),
    question("departments", departments=["housekeeping", "food"]),
    question("why", "choice", options=options("Business", "Holiday"), several=True),
    question("comment", "text"),
    question("photo", "picture"),
)
"""Pages: the score · what went wrong, the room, departments · why, words, a picture."""


def publish(feedback: Feedback, asked: Questionnaire = LONG, place: str = "LIS") -> int:
    with feedback.tx() as tx:
        draft = begin_draft(tx, place, AT, by="Marta Marques")
        draft = change_draft(tx, place, draft.version, lambda _before: asked, AT, by="Marta Marques")
        return publish_draft(tx, place, draft.version, AT, by="Marta Marques")
