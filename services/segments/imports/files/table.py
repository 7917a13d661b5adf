"""A hotel's file as a table: its row of headings is known by the headings of guests and reservations."""

from __future__ import annotations

from pathlib import Path

from services.segments.imports.files.headings import KNOWN
from shared.table_files.reading import AS_FOUND, Reading
from shared.table_files.table import TableFile


class Table(TableFile):
    """Raises `InputError` where the file is none."""

    def __init__(self, path: Path, reading: Reading = AS_FOUND) -> None:
        super().__init__(path, reading, KNOWN)
