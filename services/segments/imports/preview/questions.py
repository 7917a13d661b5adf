"""What a file leaves open, with both readings of some of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.preview.preview import Asked, Example, Question, Reading
from services.segments.rules.money.amounts import Mark, open_example, readings, settle_mark
from services.segments.rules.written.dates import NUMERIC, Order, read_date, settle_order
from shared.errors import InputError
from shared.vocabulary.file_problem import FileProblem

MOST_EXAMPLES = 3
KINDS = {
    FileProblem.ENCODING: Asked.ENCODING,
    FileProblem.SHEET: Asked.SHEET,
    FileProblem.HEADING: Asked.HEADING,
}


def file_questions(table: Table, mapping: ImportMapping) -> list[Question]:
    """What the file itself leaves open and nobody has answered."""
    fields = {table.header[place]: name for name, place in mapping.found(table.header).items()}
    found = []
    for one in mapping.open_questions(table.header, table.ambiguities):
        field = next((fields[heading] for heading in one.readings if heading in fields), None)
        ways = tuple(Reading(answer, (Example(answer, text),)) for answer, text in one.readings.items())
        is_heading = one.kind is FileProblem.HEADING
        found.append(Question(KINDS[one.kind], field, one.subject if is_heading else None, ways, None))
    return found


def date_question(field: str, header: str, texts: Counter[str], asked: Order | None) -> Question | None:
    """None where the column's rows settle it."""
    try:
        settle_order(header, texts)
    except InputError:
        ways = tuple(
            Reading(str(order), examples)
            for order in NUMERIC
            if (examples := _examples(texts, order, prefer=_telling(texts)))
        )
        return Question(Asked.DATES, field, header, ways, str(asked) if asked else None)
    return None


def amount_question(field: str, header: str, texts: Counter[str], asked: Mark | None) -> Question | None:
    """None where the column's rows settle it."""
    try:
        settle_mark(header, texts)
    except InputError:
        example = open_example(texts)
        ways = tuple(
            Reading(str(mark), (Example(example, f"{amount.value:f} {amount.currency or ''}".strip()),))
            for mark, amount in readings(example).items()
        )
        return Question(Asked.AMOUNTS, field, header, ways, str(asked) if asked else None)
    return None


def _telling(texts: Mapping[str, int]) -> list[str]:
    """The texts that the orders read as different days come first."""
    return sorted(texts, key=lambda text: len({_read(text, order) for order in NUMERIC} - {None}) < 2)


def _examples(texts: Mapping[str, int], order: Order, prefer: list[str]) -> tuple[Example, ...]:
    readable = [Example(text, day) for text in prefer if text in texts and (day := _read(text, order))]
    return tuple(readable[:MOST_EXAMPLES])


def _read(text: str, order: Order) -> str | None:
    try:
        return read_date(text, order).isoformat()
    except ValueError:
        return None


def question_text(question: Question) -> str:
    """For programs and the command line: both readings of an example."""
    ways = " or ".join(
        f"{reading.answer} («{reading.examples[0].text}» is {reading.examples[0].means})"
        for reading in question.readings
        if reading.examples
    )
    return f"its {question.kind} can be read as {ways}"
