"""All that an installation knows, as files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from guestloop.composition.services import Group
from services.feedback.queries.export import answers, cases
from services.messaging.queries.ledger import ledger
from services.segments.queries.published import guests_as_of_now
from services.segments.queries.stays import stays_as_of_now
from shared.database.pool import Tx
from shared.private_files import private_folder, write_private

Lines = Callable[[Tx], Iterable[dict[str, Any]]]
FILES: Mapping[str, tuple[str, Lines]] = {
    "guests.jsonl": ("segments", guests_as_of_now),
    "stays.jsonl": ("segments", stays_as_of_now),
    "messages.jsonl": ("messaging", ledger),
    "answers.jsonl": ("feedback", answers),
    "cases.jsonl": ("feedback", cases),
}


def export_to(folder: Path, group: Group) -> dict[str, int]:
    """Write each file; how many lines it has. The folder and the files are closed to others."""
    private_folder(folder)
    return {name: _write(folder / name, group, owner, lines) for name, (owner, lines) in FILES.items()}


def _write(path: Path, group: Group, owner: str, lines: Lines) -> int:
    count = 0
    with group.database(owner).transaction() as tx, write_private(path) as file:
        for line in lines(tx):
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
            count += 1
    return count
