"""All that an installation knows, as files of JSON lines; answers as a table for a spreadsheet, too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from guestloop.composition.services import Group
from services.feedback.queries.export import answers, answers_table, cases
from services.messaging.queries.guests.ledger import ledger
from services.segments.queries.published import guests_as_of_now
from services.segments.queries.stays import stays_as_of_now
from shared.database.pool import Tx
from shared.private_files import private_folder, write_private
from shared.spreadsheets import MARK, row_text

Lines = Callable[[Tx], Iterable[dict[str, Any]]]
FILES: Mapping[str, tuple[str, Lines]] = {
    "guests.jsonl": ("segments", guests_as_of_now),
    "stays.jsonl": ("segments", stays_as_of_now),
    "messages.jsonl": ("messaging", ledger),
    "answers.jsonl": ("feedback", answers),
    "cases.jsonl": ("feedback", cases),
}

TABLES: Mapping[str, tuple[str, Callable[[Tx], Iterable[Sequence[object]]]]] = {
    "answers.csv": ("feedback", answers_table),
}


def export_to(folder: Path, group: Group) -> dict[str, int]:
    """Write each file; how many lines it has. The folder and the files are closed to others."""
    private_folder(folder)
    written = {name: _write(folder / name, group, owner, lines) for name, (owner, lines) in FILES.items()}
    for name, (owner, rows) in TABLES.items():
        written[name] = _write_table(folder / name, group, owner, rows)
    return written


def _write(path: Path, group: Group, owner: str, lines: Lines) -> int:
    def write(tx: Tx) -> int:
        count = 0
        with write_private(path) as file:
            for line in lines(tx):
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
                count += 1
        return count

    return group.database(owner).read(write)


def _write_table(path: Path, group: Group, owner: str, rows: Callable[[Tx], Iterable[Sequence[object]]]) -> int:
    """Lines without the heading. A cell that a spreadsheet would calculate is text."""

    def write(tx: Tx) -> int:
        lines = 0
        with write_private(path) as file:
            file.write(MARK)
            for row in rows(tx):
                file.write(row_text(row))
                lines += 1
        return max(lines - 1, 0)

    return group.database(owner).read(write)
