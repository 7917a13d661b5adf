"""Answers and cases, whole, for an export. Guests' words are opened: only those who may read them may call this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg.rows import dict_row

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

ANSWERS = """
    select answer_id, guest_id, stay_id, property, score, comment_sealed, channel, answered_at
    from survey_answer order by answered_at, answer_id
"""
CASES = """
    select case_id, guest_id, stay_id, property, kind, level, reason, words_sealed, opened_by, opened_at, deadline,
           closed_at, outcome, content, department, matter, room, merged_into
    from care_case order by opened_at, case_id
"""


def answers(tx: Tx) -> Iterator[dict[str, Any]]:
    yield from _lines(tx, ANSWERS, "comment")


def cases(tx: Tx) -> Iterator[dict[str, Any]]:
    yield from _lines(tx, CASES, "words")


def _lines(tx: Tx, query: str, words: str) -> Iterator[dict[str, Any]]:
    with tx.connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.stream(query):
            sealed = row.pop(f"{words}_sealed")
            yield {**row, words: tx.keyring.open(Sealed(sealed), Sealing.WORDS) if sealed else None}
