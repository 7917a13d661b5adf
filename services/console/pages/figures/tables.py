"""Key figures as a table to take along: the same in CSV and in a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from services.console.pages.figures import shown
from services.console.pages.figures.asked import Asked
from services.console.pages.figures.assembled import KeyFigures, Line
from shared.web.i18n.formatting import day
from shared.web.table_files import Cell


def rows(asked: Asked, found: KeyFigures, title: str) -> list[Sequence[Cell]]:
    head: list[Sequence[Cell]] = [
        [title, day(asked.window.first), day(asked.window.last), asked.cut, asked.value],
        [],
        [
            *(
                gettext("Figure"),
                gettext("Value"),
                gettext("Unit"),
                gettext("Part"),
                gettext("Of"),
                gettext("Currency"),
            ),
            *(gettext("Target"), gettext("A year before"), gettext("Part a year before"), gettext("How it is counted")),
        ],
    ]
    return [*head, *map(_row, found.lines), *_revenue(found)]


def _row(line: Line) -> Sequence[Cell]:
    definition = line.now.definition
    return [
        gettext(definition.label),
        _number(line.now.value),
        shown.label_of(definition.unit),
        _number(line.now.part),
        line.now.whole,
        line.now.currency or "",
        _number(line.target),
        _number(line.before.value),
        _number(line.before.part),
        f"{gettext(definition.formula)} ({gettext(definition.part)} ÷ {gettext(definition.whole)})",
    ]


def _revenue(found: KeyFigures) -> list[Sequence[Cell]]:
    return [
        [
            gettext("Revenue"),
            float(one.revenue),
            "",
            "",
            one.stays,
            one.currency,
            "",
            "",
            "",
            gettext("Of stays that ended"),
        ]
        for one in found.revenue
    ]


def _number(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 6)
