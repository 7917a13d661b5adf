"""Rows on their way into a table: as columns for one statement with `unnest`, or copied where they are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from shared.database.pool import Tx


def columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """The rows' values by name, a list each."""
    turned = list(map(list, zip(*rows, strict=True))) or [[] for _ in names]
    return dict(zip(names, turned, strict=True))


def copy_new(tx: Tx, table: str, types: Mapping[str, str], rows: Collection[Sequence[Any]]) -> None:
    """Add rows that are not there yet, as their writer knows. `types`: the columns the rows fill, in order."""
    if not rows:
        return
    with tx.copy(f"copy {table} ({', '.join(types)}) from stdin (format binary)") as copy:
        copy.set_types(list(types.values()))
        for row in rows:
            copy.write_row(row)
