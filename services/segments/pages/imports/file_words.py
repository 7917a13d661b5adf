"""What the pages say of a file itself, and what they ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import assert_never

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.segments.facts.units import NN_
from services.segments.imports.preview.preview import Asked, Example, Preview, Question, Reading
from services.segments.rules.money.amounts import Mark
from services.segments.rules.written.dates import Order
from shared.table_files.reading import Encoding, LeftOut
from shared.web.i18n.formatting import day, money

ORDER_WORDS = {
    Order.YMD: _l("year, month, day"),
    Order.DMY: _l("day, month, year"),
    Order.MDY: _l("month, day, year"),
    Order.SERIAL: _l("days since 1900, as spreadsheets count"),
}
MARK_WORDS = {Mark.POINT: _l("a decimal point"), Mark.COMMA: _l("a decimal comma")}
SEPARATOR_WORDS = {
    ",": _l("commas"),
    ";": _l("semicolons"),
    "\t": _l("tabs"),
    "|": _l("vertical bars"),
}


def file_words(preview: Preview) -> str:
    """How the file itself is written."""
    if preview.encoding is None or preview.separator is None:
        return gettext(
            "The sheet «%(sheet)s»; its headings are in row %(row)s.", sheet=preview.sheet, row=preview.header_row
        )
    written = {
        "encoding": answer_words(Asked.ENCODING, preview.encoding),
        "separator": SEPARATOR_WORDS.get(preview.separator, preview.separator),
        "row": preview.header_row,
    }
    return gettext("Written in %(encoding)s, cut at %(separator)s; its headings are in line %(row)s.", **written)


ENCODING_WORDS = {
    Encoding.UTF8: _l("UTF-8"),
    Encoding.UTF16_LE: _l("UTF-16"),
    Encoding.UTF16_BE: _l("UTF-16, the other way round"),
    Encoding.WESTERN: _l("Western European (Windows)"),
    Encoding.CENTRAL: _l("Central European (Windows)"),
    Encoding.CYRILLIC: _l("Cyrillic (Windows)"),
    Encoding.TURKISH: _l("Turkish (Windows)"),
    Encoding.CHINESE: _l("Chinese (GBK, GB 18030)"),
    Encoding.TAIWAN: _l("Chinese (Big5)"),
    Encoding.JAPANESE: _l("Japanese (Shift JIS)"),
    Encoding.KOREAN: _l("Korean (Windows)"),
    Encoding.GREEK: _l("Greek (Windows)"),
    Encoding.MAC: _l("Western European (Mac)"),
    Encoding.DOS: _l("Western European (DOS)"),
}
LEFT_OUT_WORDS = {
    LeftOut.BLANK: NN_("%(count)s blank line", "%(count)s blank lines"),
    LeftOut.TOTAL: NN_("%(count)s line of totals", "%(count)s lines of totals"),
    LeftOut.HEADER: NN_("the headings once more", "the headings %(count)s times more"),
    LeftOut.FOOTER: NN_("%(count)s line below the table", "%(count)s lines below the table"),
}
QUESTION_WORDS = {
    Asked.ENCODING: _l("How are the letters written?"),
    Asked.SHEET: _l("Which table is to be read?"),
    Asked.HEADING: _l("Which of two columns of one name is meant?"),
    Asked.AMOUNTS: _l("What stands before the decimals?"),
    Asked.DATES: _l("Which comes first, the day or the month?"),
}


def left_out_words(left_out: Mapping[str, int]) -> str:
    """The lines of a file that are no rows; empty where there are none."""
    told = [ngettext(*LEFT_OUT_WORDS[LeftOut(kind)], lines, count=lines) for kind, lines in left_out.items() if lines]
    return ", ".join(told)


def question_words(question: Question) -> str:
    return str(QUESTION_WORDS[question.kind])


def question_legend(question: Question) -> str:
    """Where the question arises; its choices stand below."""
    if question.header is None:
        return gettext("The file leaves it open.")
    return gettext("The column «%(header)s» leaves it open.", header=question.header)


def question_name(question: Question) -> str:
    """Under which name the form holds the answer."""
    match question.kind:
        case Asked.ENCODING | Asked.SHEET:
            return f"reading:{question.kind}"
        case Asked.HEADING:
            return f"column:{question.field}"
        case Asked.DATES:
            return f"date:{question.field}"
        case Asked.AMOUNTS:
            return f"number:{question.field}"
        case _:
            assert_never(question.kind)


def answer_words(kind: str, answer: str) -> str:
    if kind == Asked.AMOUNTS:
        return str(MARK_WORDS[Mark(answer)])
    if kind == Asked.DATES:
        return str(ORDER_WORDS[Order(answer)])
    return str(ENCODING_WORDS[Encoding(answer)]) if kind == Asked.ENCODING and answer in set(Encoding) else answer


def examples_words(question: Question, reading: Reading, currency: str) -> str:
    """What some values of the column would be by that answer. `currency`: of amounts that state none."""
    return ", ".join(_example(question, one, currency) for one in reading.examples)


def _example(question: Question, example: Example, currency: str) -> str:
    if question.kind is Asked.DATES:
        return f"{example.text} = {day(date.fromisoformat(example.means))}"
    if question.kind is Asked.AMOUNTS:
        amount, _, stated = example.means.partition(" ")
        return f"{example.text} = {money(Decimal(amount), stated or currency)}"
    return example.means
