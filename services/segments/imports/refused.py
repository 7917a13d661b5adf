"""The refused rows of an import: all are counted, the first are kept, on disk until the run can store them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from shared.private_files import write_private

MOST_KEPT = 50_000
"""Reasons kept of one file; whoever has more rows to mend mends the export."""
IN_ORDER = ("line", "field", "reason")
Reject = tuple[int, str, str]  # line, field, reason


class RefusedRows:
    """`rows`: how many lines were refused, kept or not. Lines come in the file's order."""

    def __init__(self) -> None:
        self.rows = 0
        self._last_line = -1
        self._kept = 0
        self._file = TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._file)

    def add(self, line: int, field: str, reason: str) -> None:
        if line != self._last_line:
            self.rows, self._last_line = self.rows + 1, line
        if self._kept < MOST_KEPT:
            self._writer.writerow((line, field, reason))
            self._kept += 1

    def __iter__(self) -> Iterator[Reject]:
        """Those kept."""
        self._file.seek(0)
        for line, field, reason in csv.reader(self._file):
            yield int(line), field, reason
        self._file.seek(0, 2)

    def close(self) -> None:
        self._file.close()


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    with write_private(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(IN_ORDER)
        writer.writerows(rejects)
