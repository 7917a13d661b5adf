"""What surveys ask beside the score, over twelve months: how many rated with one of the two best numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pygal
from flask_babel import gettext
from markupsafe import Markup

from services.feedback.pages.figures.scores import DRAWN_FROM, month_name
from services.feedback.pages.surveys.given import question_text
from services.feedback.queries import answer_parts as queries
from services.feedback.rules.asking.questionnaires import OVER_TIME, RANGES, TOP_TWO, QuestionKind
from services.feedback.rules.top_two import TopTwo
from services.feedback.store.surveys import questionnaires as store
from shared.access.people import Hotel
from shared.database.pool import Tx
from shared.web.charts import PLAIN, draw
from shared.web.i18n.labels import label

NONE = TopTwo(0, 0)


@dataclass(frozen=True, kw_only=True)
class RatedQuestion:
    """`now`: of the days that are shown; `months`: each with its first day, the last one last."""

    kind: QuestionKind
    asks: str
    now: TopTwo
    months: Sequence[tuple[date, TopTwo]]

    @property
    def kind_name(self) -> str:
        return label(self.kind)

    @property
    def best(self) -> tuple[int, int]:
        return TOP_TWO[self.kind], RANGES[self.kind][-1]

    @property
    def has_bars(self) -> bool:
        return any(one.n >= DRAWN_FROM for _, one in self.months)

    def chart(self) -> Markup:
        """A bar a month; months with too few ratings have none."""
        chart = pygal.Bar(**{**PLAIN, "margin": 8}, width=560, height=160, range=(0, 100), y_labels=[0, 50, 100])
        chart.x_labels = [month_name(first) for first, _ in self.months]
        chart.add("", [one.share if one.n >= DRAWN_FROM else None for _, one in self.months])
        return draw(chart, gettext("%(question)s by month, in per cent", question=self.asks))


def ratings(
    tx: Tx, hotels: Sequence[Hotel], first: Mapping[str, date], months: Mapping[str, Sequence[date]]
) -> dict[str, list[RatedQuestion]]:
    """By hotel, the questions that were rated in these months. `first`: by hotel the first of the days shown."""
    since = {(one.property, one.kind, one.field): TopTwo(one.best, one.n) for one in queries.rated_since(tx, first)}
    by_month: dict[tuple[str, str, str], dict[int, TopTwo]] = {}
    for one in queries.rated_by_month(tx, months):
        by_month.setdefault((one.property, one.kind, one.field), {})[one.place] = TopTwo(one.best, one.n)
    asked = _texts(tx, [hotel.code for hotel in hotels]) if by_month else {}
    found: dict[str, list[RatedQuestion]] = {}
    for key, its in sorted(by_month.items(), key=lambda one: (OVER_TIME.index(QuestionKind(one[0][1])), one[0])):
        code, kind, name = key
        question = RatedQuestion(
            kind=QuestionKind(kind),
            asks=asked.get((code, name)) or asked.get((store.EVERY_HOTEL, name)) or name,
            now=since.get(key, NONE),
            months=[(day, its.get(place, NONE)) for place, day in enumerate(months[code])],
        )
        found.setdefault(code, []).append(question)
    return found


def _texts(tx: Tx, codes: Sequence[str]) -> dict[tuple[str, str], str]:
    """By place and code what a question asks, in the newest version that has it."""
    texts: dict[tuple[str, str], str] = {}
    for version in store.versions_of(tx, [*codes, store.EVERY_HOTEL]):
        if (asked := version.questionnaire) is None:
            continue
        for one in asked.questions:
            texts.setdefault((version.place, one.code), question_text(asked, one))
    return texts
