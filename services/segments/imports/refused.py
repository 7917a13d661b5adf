"""The refused rows of an import: all are counted, the first are kept, on disk until the run can store them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from services.segments.imports.masking import kept
from services.segments.rules.written.import_problems import RejectReason
from shared.private_files import write_private
from shared.spreadsheets import write_rows

MOST_KEPT = 50_000
"""Reasons kept of one file; whoever has more rows to mend mends the export."""
MOST_REASONS = 200
"""Reasons told apart when they are counted: some name a number of their row."""
IN_ORDER = ("line", "field", "reason", "value")
Reject = tuple[int, str, str, str]  # line, field, reason, what stood there, masked


class RefusedRows:
    """`rows`: how many lines were refused, kept or not. Lines come in the file's order. `reasons`: by field and reason
    how many rows."""

    def __init__(self) -> None:
        self.rows = 0
        self.reasons: Counter[tuple[str, str]] = Counter()
        self._last_line = -1
        self._kept = 0
        self._file = TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._file)

    def add(self, line: int, field: str, reason: str, value: str = "") -> None:
        """`value`: the cell's text; it is kept masked."""
        known = (field, reason) in self.reasons or len(self.reasons) < MOST_REASONS
        self.reasons[(field, reason) if known else ("row", str(RejectReason.OTHERS))] += 1
        if line != self._last_line:
            self.rows, self._last_line = self.rows + 1, line
        if self._kept < MOST_KEPT:
            self._writer.writerow((line, field, reason, kept(field, value, 1)))
            self._kept += 1

    def __iter__(self) -> Iterator[Reject]:
        """Those kept."""
        self._file.seek(0)
        for line, field, reason, value in csv.reader(self._file):
            yield int(line), field, reason, value
        self._file.seek(0, 2)

    def close(self) -> None:
        self._file.close()


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    with write_private(path, newline="") as file:
        list_rejects(file, rejects)


def list_rejects(file: IO[str], rejects: Iterable[Reject]) -> None:
    """As CSV that no spreadsheet takes for formulas."""
    write_rows(file, (IN_ORDER, *rejects))
