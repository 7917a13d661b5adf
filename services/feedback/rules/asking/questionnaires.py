"""What a survey asks: its questions in order, when each is shown, and how they are laid out on pages.

One question, the NPS, is always there and always answered: the score of every figure, case and journey is its answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shared.vocabulary.term import N_, Term

MOST_ON_A_PAGE = 3
"""So that what a guest has given is kept every few questions, without a script."""


class QuestionKind(Term):
    NPS = "nps", N_("Recommendation, 0 to 10 (NPS)")
    CSAT = "csat", N_("Satisfaction, 1 to 5 (CSAT)")
    CES = "ces", N_("Effort, 1 to 7 (CES)")
    STARS = "stars", N_("Stars, 1 to 5")
    CHOICE = "choice", N_("Choice")
    TEXT = "text", N_("Words")
    DEPARTMENTS = "departments", N_("Stars for each department")
    PICTURE = "picture", N_("Picture")


RANGES: Mapping[QuestionKind, range] = {
    QuestionKind.NPS: range(11),
    QuestionKind.CSAT: range(1, 6),
    QuestionKind.CES: range(1, 8),
    QuestionKind.STARS: range(1, 6),
    QuestionKind.DEPARTMENTS: range(1, 6),
}
"""The numbers of the kinds that are answered by one."""
TOP_TWO: Mapping[QuestionKind, int] = {
    kind: RANGES[kind][-2]
    for kind in (QuestionKind.CSAT, QuestionKind.CES, QuestionKind.STARS, QuestionKind.DEPARTMENTS)
}
"""From which number on an answer is among the two best."""
OVER_TIME = (QuestionKind.CSAT, QuestionKind.STARS, QuestionKind.CES)
"""Kinds whose share of the two best is shown month by month."""
WITH_SHIPPED_WORDS = (QuestionKind.NPS, QuestionKind.TEXT)
"""Kinds that ask in our words where the hotel writes none."""


class Comparison(StrEnum):
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ONE_OF = "one_of"


@dataclass(frozen=True, kw_only=True)
class Value:
    """What was given to one field. `has_words`: words or a picture, kept elsewhere."""

    number: int | None = None
    choices: tuple[str, ...] = ()
    has_words: bool = False


Given = Mapping[str, Value]
"""By field: the question's code, and of ratings by department `code.department`."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A question is shown where an earlier one, which is shown itself, was answered so."""

    question: str
    test: Comparison
    number: int = 0
    options: tuple[str, ...] = ()

    def holds(self, value: Value | None) -> bool:
        if value is None:
            return False
        if self.test is Comparison.ONE_OF:
            return not set(self.options).isdisjoint(value.choices)
        if value.number is None:
            return False
        return value.number <= self.number if self.test is Comparison.AT_MOST else value.number >= self.number


@dataclass(frozen=True, kw_only=True)
class Option:
    code: str
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Question:
    code: str
    kind: QuestionKind
    required: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    several: bool = False
    departments: tuple[str, ...] = ()
    when: Condition | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        if self.kind is QuestionKind.DEPARTMENTS:
            return tuple(f"{self.code}.{department}" for department in self.departments)
        return (self.code,)

    def is_answered(self, given: Given) -> bool:
        return any(name in given for name in self.fields)


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """`language`: in which every text is there, for guests of languages that have none."""

    language: str = "en"
    questions: tuple[Question, ...] = ()

    def find(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def text(self, texts: Mapping[str, str], language: str) -> str:
        """In the guest's language, else in that of the questionnaire."""
        return texts.get(language) or texts.get(self.language, "")

    @property
    def nps(self) -> str:
        """The code of the question that is the score."""
        return next(one.code for one in self.questions if one.kind is QuestionKind.NPS)

    def shown(self, given: Given) -> list[Question]:
        """Those whose condition holds; what hangs on a question that is not shown is not shown either."""
        found: list[Question] = []
        for one in self.questions:
            known = {each.code for each in found}
            if one.when is None or (one.when.question in known and one.when.holds(given.get(one.when.question))):
                found.append(one)
        return found

    def pages(self) -> list[list[Question]]:
        """A page holds a few questions, and none that hangs on another one of it."""
        pages: list[list[Question]] = [[]]
        for one in self.questions:
            page = pages[-1]
            hangs = one.when is not None and one.when.question in {each.code for each in page}
            if hangs or len(page) == MOST_ON_A_PAGE:
                pages.append([one])
            else:
                page.append(one)
        return pages

    def page(self, place: int, given: Given) -> list[Question]:
        shown = {one.code for one in self.shown(given)}
        pages = self.pages()
        return [one for one in pages[place] if one.code in shown] if 0 <= place < len(pages) else []

    def page_after(self, place: int, given: Given) -> int | None:
        """The next page that has a question for this guest."""
        return next((each for each in range(place + 1, len(self.pages())) if self.page(each, given)), None)

    def page_before(self, place: int, given: Given) -> int | None:
        return next((each for each in range(place - 1, -1, -1) if self.page(each, given)), None)

    def may_end_on(self, place: int, given: Given) -> bool:
        """Whether nothing can follow this page, whatever is answered on it."""
        open_ = {one.code for one in self.pages()[place]}
        shown = {one.code for one in self.shown(given)}
        for one in (each for page in self.pages()[place + 1 :] for each in page):
            if one.code in shown or (one.when is not None and one.when.question in open_):
                return False
            open_ |= {one.code} if one.when is not None and one.when.question in open_ else set()
        return True


AS_SHIPPED = Questionnaire(
    questions=(
        Question(code="nps", kind=QuestionKind.NPS, required=True),
        Question(code="comment", kind=QuestionKind.TEXT),
    )
)
"""What every survey asks until somebody writes another: with what a new draft begins."""


def missing(questions: Sequence[Question], given: Given) -> dict[str, str]:
    """By code, what has to be answered and is not: choose | needed."""
    return {
        one.code: "needed" if one.kind in (QuestionKind.TEXT, QuestionKind.PICTURE) else "choose_one"
        for one in questions
        if one.required and not one.is_answered(given)
    }


def fields_shown(questionnaire: Questionnaire, given: Given) -> set[str]:
    return {name for one in questionnaire.shown(given) for name in one.fields}


def earlier(questionnaire: Questionnaire, code: str) -> Iterator[Question]:
    """The questions before this one that a condition may ask."""
    for one in questionnaire.questions:
        if one.code == code:
            return
        if (one.kind in RANGES and one.kind is not QuestionKind.DEPARTMENTS) or one.kind is QuestionKind.CHOICE:
            yield one
