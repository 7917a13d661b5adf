"""Changes of a draft, each a new questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from services.feedback.rules.asking.questionnaires import Option, Question, QuestionKind, Questionnaire
from services.feedback.rules.care import code_of


def added(questionnaire: Questionnaire, kind: QuestionKind, departments: Sequence[str]) -> tuple[Questionnaire, str]:
    """A new question at the end, and its code. Ratings by department begin with all of the hotel's."""
    code = code_of(str(kind), {one.code: one for one in questionnaire.questions})
    new = Question(
        code=code,
        kind=kind,
        required=kind is QuestionKind.NPS,
        departments=tuple(departments) if kind is QuestionKind.DEPARTMENTS else (),
    )
    return replace(questionnaire, questions=(*questionnaire.questions, new)), code


def changed(questionnaire: Questionnaire, new: Question) -> Questionnaire:
    questions = tuple(new if one.code == new.code else one for one in questionnaire.questions)
    return replace(questionnaire, questions=questions)


def moved(questionnaire: Questionnaire, code: str, by: int) -> Questionnaire:
    """One place up (-1) or down (1); at the end of the list it stays."""
    questions = list(questionnaire.questions)
    place = next((number for number, one in enumerate(questions) if one.code == code), None)
    if place is None or not 0 <= place + by < len(questions):
        return questionnaire
    questions[place], questions[place + by] = questions[place + by], questions[place]
    return replace(questionnaire, questions=tuple(questions))


def removed(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """What was shown by its answer is shown to everybody."""
    rest = (one for one in questionnaire.questions if one.code != code)
    questions = tuple(replace(one, when=None) if one.when and one.when.question == code else one for one in rest)
    return replace(questionnaire, questions=questions)


def options_of(lines: Mapping[str, Sequence[str]], language: str) -> tuple[Option, ...]:
    """From a list a language, line by line. An option is known by its text in the questionnaire's language: what was
    counted of it goes on while that stays, and an answer can be read by itself. The same one twice is there once."""
    found: dict[str, Option] = {}
    tags = list(lines)
    for row in zip_longest(*(lines[tag] for tag in tags), fillvalue=""):
        texts = {tag: text for tag, text in zip(tags, row, strict=True) if text}
        if texts:
            code = texts.get(language) or next(iter(texts.values()))
            found.setdefault(code, Option(code=code, texts=texts))
    return tuple(found.values())
