"""One question as its form writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from services.feedback.rules.asking.questionnaire_edits import options_of
from services.feedback.rules.asking.questionnaires import Comparison, Condition, Question, QuestionKind, Questionnaire
from shared.web.i18n.guest_languages import GUEST_LANGUAGES

MOST_TYPED = 2000


def question_of(
    questions: Questionnaire, before: Question, form: MultiDict[str, str], departments: Mapping[str, object]
) -> Question:
    """All is taken as it is typed; what is wrong with it is said beside it, and keeps it from being published."""
    texts = {tag: text for tag in GUEST_LANGUAGES if (text := _line(form.get(f"text.{tag}", "")))}
    required = before.kind is QuestionKind.NPS or "required" in form
    new = replace(before, texts=texts, required=required, when=_condition(questions, form))
    if before.kind is QuestionKind.CHOICE:
        lines = {
            tag: [_line(line) for line in form.get(f"options.{tag}", "")[:MOST_TYPED].splitlines()]
            for tag in GUEST_LANGUAGES
        }
        return replace(new, several="several" in form, options=options_of(lines, questions.language))
    if before.kind is QuestionKind.DEPARTMENTS:
        return replace(new, departments=tuple(code for code in departments if code in form.getlist("departments")))
    return new


def _condition(questions: Questionnaire, form: MultiDict[str, str]) -> Condition | None:
    """Of a choice by options, of a scale by a number."""
    asked = questions.find(form.get("when", ""))
    if asked is None:
        return None
    if asked.kind is QuestionKind.CHOICE:
        there = [option.code for option in asked.options]
        chosen = tuple(code for code in there if f"{asked.code}.{code}" in form.getlist("when.options"))
        return Condition(question=asked.code, test=Comparison.ONE_OF, options=chosen)
    number = form.get("when.number", "")
    return Condition(
        question=asked.code,
        test=Comparison.AT_LEAST if form.get("when.test") == Comparison.AT_LEAST else Comparison.AT_MOST,
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else -1,
    )


def _line(text: str) -> str:
    """As one line."""
    return " ".join(text.split())[:MOST_TYPED]
