"""Answers as they are exported: what a questionnaire asked stands beside the score, and no cell is calculated."""

from __future__ import annotations

from typing import Any

import pytest

from services.feedback.queries.export import answers, answers_table
from shared.crypto.purposes import Sealing
from shared.ids import make_id
from shared.spreadsheets import row_text
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.questionnaires import LONG, NPS, publish, question, questionnaire

ANSWERED = """
    insert into survey_answer (message_id, answer_id, version, guest_id, stay_id, property, score, channel, answered_at)
    values (%(id)s, %(id)s, 1, %(guest)s, null, 'LIS', 9, 'web', %(at)s)
"""
BEGUN = """
    insert into survey_response (message_id, guest_id, property, place, number, started_at, submitted_at)
    values (%(id)s, %(guest)s, 'LIS', 'LIS', %(number)s, %(at)s, %(at)s)
"""
VALUE = """
    insert into survey_value (message_id, field, kind, number, choices, words_sealed, at)
    values (%(id)s, %(field)s, %(kind)s, %(value)s, %(choices)s, %(sealed)s, %(at)s)
"""


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def answered(feedback: Feedback, number: int, **said: Any) -> None:
    """`said`: by field a number, a list of what was chosen, or words."""
    params: dict[str, Any] = {"id": make_id("answer", number), "guest": ANA, "at": AT, "number": number}
    with feedback.tx() as tx:
        tx.execute(ANSWERED, params)
        tx.execute(BEGUN, params)
        for field, value in said.items():
            given = {
                "field": field,
                "kind": field,
                "value": value if isinstance(value, int) else None,
                "choices": value if isinstance(value, list) else [],
                "sealed": tx.keyring.seal(value, Sealing.WORDS) if isinstance(value, str) else None,
            }
            tx.execute(VALUE, {**params, **given})


def test_what_was_answered_stands_with_its_question(feedback: Feedback) -> None:
    publish(feedback, LONG)
    answered(feedback, 1, csat=4, why=["Business", "Holiday"], comment="=1+1; @SUM(A1)", **{"departments.food": 2})
    publish(feedback, questionnaire(NPS, question("csat", texts={"en": "And the bed?"})))
    answered(feedback, 2, csat=5)
    with feedback.tx() as tx:
        first, second = answers(tx)
        heading, *rows = answers_table(tx)
    assert first["questions"]["csat"] == {"question": "And the room?", "value": 4}
    assert first["questions"]["why"]["value"] == ["Business", "Holiday"]
    assert first["questions"]["departments.food"]["value"] == 2
    assert second["questions"] == {"csat": {"question": "And the bed?", "value": 5}}
    table = [dict(zip(heading, row, strict=True)) for row in rows]
    assert (table[0]["csat: And the room?"], table[0]["csat: And the bed?"]) == (4, None)
    assert (table[1]["csat: And the room?"], table[1]["csat: And the bed?"]) == (None, 5)
    assert table[0]["why: About why?"] == "Business | Holiday"
    line = row_text(rows[0])
    assert "'=1+1; '@SUM(A1)" in line


def test_an_answer_without_a_questionnaire_has_no_questions(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute(ANSWERED, {"id": make_id("answer", 1), "guest": ANA, "at": AT})
        (line,) = answers(tx)
        heading, row = answers_table(tx)
    assert line["questions"] == {} and line["score"] == 9
    assert "score" in heading and len(row) == len(heading)
