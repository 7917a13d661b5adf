"""The first rows of a table, read once and held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from services.segments.imports.files.table import Table
from shared.errors import InputError
from shared.table_files.reading import Record

LOOKED_AT = 20_000  # rows, or fewer where they are wide or long: a page must not hold a whole file
MOST_CELLS, MOST_CHARACTERS = 600_000, 8_000_000


class Head(Table):
    """`damage`: what keeps the table from being read further, by field."""

    def __init__(self, table: Table) -> None:
        self.path, self.separator, self.header = table.path, table.separator, table.header
        self.rows: list[Record] = []
        self.damage: dict[str, str] = {}
        self.is_whole = False
        try:
            self._read(table)
        except InputError as error:
            self.damage = error.problems
        self.incomplete_from = table.incomplete_from

    def records(self) -> Iterator[Record]:
        return iter(self.rows)

    def texts(self, header: str) -> Counter[str]:
        """How many sound rows say what in a column."""
        place = list(self.header).index(header)
        return Counter(record.cells[place].strip() for record in self.rows if not record.problem)

    def _read(self, table: Table) -> None:
        cells = characters = 0
        for record in table.records():
            cells += len(record.cells)
            characters += sum(map(len, record.cells))
            if len(self.rows) == LOOKED_AT or cells > MOST_CELLS or characters > MOST_CHARACTERS:
                return
            self.rows.append(record)
        self.is_whole = True
