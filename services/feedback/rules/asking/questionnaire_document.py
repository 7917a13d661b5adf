"""A questionnaire as JSON, and what is wrong with one before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.feedback.rules.asking.questionnaires import (
    RANGES,
    WITH_SHIPPED_WORDS,
    Comparison,
    Condition,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    earlier,
)

MOST_QUESTIONS, MOST_OPTIONS, LONGEST_TEXT = 20, 12, 300


def written(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "language": questionnaire.language,
        "questions": [_written(question) for question in questionnaire.questions],
    }


def _written(question: Question) -> dict[str, Any]:
    when = question.when
    return {
        "code": question.code,
        "kind": str(question.kind),
        "required": question.required,
        "texts": dict(question.texts),
        "options": [{"code": one.code, "texts": dict(one.texts)} for one in question.options],
        "several": question.several,
        "departments": list(question.departments),
        "when": {
            "question": when.question,
            "test": str(when.test),
            "number": when.number,
            "options": list(when.options),
        }
        if when
        else None,
    }


def read_document(document: Mapping[str, Any]) -> Questionnaire:
    return Questionnaire(
        language=document["language"], questions=tuple(_read(question) for question in document["questions"])
    )


def _read(question: Mapping[str, Any]) -> Question:
    when = question["when"]
    return Question(
        code=question["code"],
        kind=QuestionKind(question["kind"]),
        required=question["required"],
        texts=question["texts"],
        options=tuple(Option(code=one["code"], texts=one["texts"]) for one in question["options"]),
        several=question["several"],
        departments=tuple(question["departments"]),
        when=Condition(
            question=when["question"],
            test=Comparison(when["test"]),
            number=when["number"],
            options=tuple(when["options"]),
        )
        if when
        else None,
    )


def problems_of(questionnaire: Questionnaire) -> dict[str, str]:
    """What must change before it can be published, by `code.field`; `questions` for the whole."""
    found: dict[str, str] = {}
    scores = [one for one in questionnaire.questions if one.kind is QuestionKind.NPS]
    if len(scores) != 1:
        found["questions"] = "one_nps"
    elif len(questionnaire.questions) > MOST_QUESTIONS:
        found["questions"] = "too_many"
    for one in questionnaire.questions:
        found |= {f"{one.code}.{name}": code for name, code in _problems(questionnaire, one)}
    return found


def _problems(questionnaire: Questionnaire, one: Question) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not one.texts.get(questionnaire.language) and (one.kind not in WITH_SHIPPED_WORDS or any(one.texts.values())):
        found.append(("text", "empty"))
    if any(len(text) > LONGEST_TEXT for text in one.texts.values()):
        found.append(("text", "too_long"))
    if one.kind is QuestionKind.NPS and not one.required:
        found.append(("required", "nps_required"))
    if one.kind is QuestionKind.CHOICE:
        found += _of_options(questionnaire, one)
    if one.kind is QuestionKind.DEPARTMENTS and not one.departments:
        found.append(("departments", "empty"))
    if problem := _of_condition(questionnaire, one):
        found.append(("when", problem))
    return found


def _of_options(questionnaire: Questionnaire, one: Question) -> list[tuple[str, str]]:
    if not 2 <= len(one.options) <= MOST_OPTIONS:
        return [("options", "options")]
    for option in one.options:
        if not option.texts.get(questionnaire.language):
            return [("options", "empty")]
        if any(len(text) > LONGEST_TEXT for text in option.texts.values()):
            return [("options", "too_long")]
    return []


def _of_condition(questionnaire: Questionnaire, one: Question) -> str | None:
    if one.when is None:
        return None
    if one.kind is QuestionKind.NPS:
        return "nps_always"
    asked = next((each for each in earlier(questionnaire, one.code) if each.code == one.when.question), None)
    if asked is None:
        return "earlier"
    if one.when.test is Comparison.ONE_OF:
        there = {option.code for option in asked.options}
        return None if one.when.options and there.issuperset(one.when.options) else "which"
    return None if one.when.number in RANGES.get(asked.kind, ()) else "number"
