"""Answers and cases, whole, for an export. Guests' words are opened: only those who may read them may call this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg.rows import dict_row

from services.feedback.rules.asking.questionnaire_document import read_document
from services.feedback.rules.asking.questionnaires import QuestionKind
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

ANSWERS = """
    select answer_id, guest_id, stay_id, property, score, comment_sealed, channel, answered_at, given.place,
           given.number, coalesce(given.said, '[]') as said
    from survey_answer as answer
    left join lateral (
        select place, number, (
            select jsonb_agg(jsonb_build_array(field, kind, value.number, choices, words_sealed) order by field)
            from survey_value as value where value.message_id = response.message_id) as said
        from survey_response as response
        where response.message_id = answer.message_id or response.stay_id = answer.stay_id
        order by started_at limit 1
    ) as given on true
    order by answered_at, answer_id
"""
QUESTIONNAIRES = "select place, number, document from questionnaire where document is not null order by published_at"
CASES = """
    select case_id, guest_id, stay_id, property, kind, level, reason, words_sealed, opened_by, opened_at, deadline,
           closed_at, outcome, content, department, matter, room, merged_into
    from care_case order by opened_at, case_id
"""


def answers(tx: Tx) -> Iterator[dict[str, Any]]:
    """Each with what was answered beside its score: by the question's code, its words and the value."""
    asked = _asked(tx)
    for line in _lines(tx, ANSWERS, "comment"):
        version, said = (line.pop("place"), line.pop("number")), line.pop("said")
        yield {**line, "questions": _given(tx, asked.get(version, {}), said)}


def answers_table(tx: Tx) -> Iterator[Sequence[object]]:
    """The same as a table: its heading, then a line an answer. A column is a question: the same code with other words
    is another one."""
    asked = list(dict.fromkeys(question for fields in _asked(tx).values() for question in fields.items()))
    heads: tuple[str, ...] | None = None
    for line in answers(tx):
        given = {(code, one["question"]): one["value"] for code, one in line.pop("questions").items()}
        if heads is None:
            heads = tuple(line)
            yield [*heads, *(f"{code}: {words}" for code, words in asked)]
        yield [*line.values(), *(_cell(given.get(question)) for question in asked)]


def _asked(tx: Tx) -> Mapping[tuple[str, int], Mapping[str, str]]:
    """By questionnaire and version, the words of each field in the language of the questionnaire."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for place, number, document in tx.execute(QUESTIONNAIRES):
        read = read_document(document)
        found[place, number] = {
            name: read.text(one.texts, read.language) or str(one.kind)
            for one in read.questions
            if one.kind is not QuestionKind.NPS  # it is the score
            for name in one.fields
        }
    return found


def _given(tx: Tx, asked: Mapping[str, str], said: Sequence[Sequence[Any]]) -> dict[str, dict[str, Any]]:
    return {
        field: {"question": asked[field], "value": _value(tx, number, choices, sealed)}
        for field, _, number, choices, sealed in said
        if field in asked
    }


def _value(tx: Tx, number: int | None, choices: Sequence[str], sealed: str | None) -> object:
    """A number, what was chosen, or words; of a picture and of what was erased nothing."""
    if number is not None:
        return number
    if choices:
        return list(choices)
    return tx.keyring.open(Sealed(sealed), Sealing.WORDS) if sealed else None


def _cell(value: object) -> object:
    return " | ".join(value) if isinstance(value, list) else value


def cases(tx: Tx) -> Iterator[dict[str, Any]]:
    yield from _lines(tx, CASES, "words")


def _lines(tx: Tx, query: str, words: str) -> Iterator[dict[str, Any]]:
    with tx.connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.stream(query):
            sealed = row.pop(f"{words}_sealed")
            yield {**row, words: tx.keyring.open(Sealed(sealed), Sealing.WORDS) if sealed else None}
