"""Erases guests from a service's tables: the statements are made from the declaration.

In one transaction, in the order in which the tables are declared: rows that find their guest by way of other rows stand
before those. Done again it finds nothing, and counts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from shared.database.pool import Tx
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.vocabulary.personal_data import PersonalKind

GUESTS = "%(guests)s::uuid[]"
Counts = Mapping[UUID, Mapping[str, int]]


def erase_rows(tx: Tx, declared: PersonalData, guests: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many rows of which table were deleted or blanked, by guest."""
    counts: dict[UUID, dict[str, int]] = {guest: {} for guest in guests}
    for table in declared.tables:
        if table.on_erasure not in (OnErasure.DELETED, OnErasure.BLANKED):
            continue
        for guest, rows in tx.execute(_count(table), {"guests": list(guests)}).fetchall():
            counts[guest][table.name] = rows
        tx.execute(_erase(table), {"guests": list(guests)})
    return counts


def keys_of(tx: Tx, declared: PersonalData, guests: Collection[UUID]) -> set[str]:
    """The numbers of these guests' stays, messages, answers and cases: an event may be known by one of them only."""
    asked = [
        f'select "{name}"::text from {table.name} where ({table.guests}) and "{name}" is not null'
        for table in declared.tables
        if table.guests is not None
        for name, column in table.columns.items()
        if column.kind is PersonalKind.KEY and (name == "id" or name.endswith("_id"))
    ]
    if not asked:
        return set()
    return {key for (key,) in tx.execute(" union ".join(asked), {"guests": list(guests)})}


def _which(table: Table) -> str:
    """The rows about the guests that are not erased yet."""
    if table.on_erasure is OnErasure.DELETED:
        return f"({table.guests})"
    names, blanks = (", ".join(part) for part in (map(_quoted, table.blanks), table.blanks.values()))
    return f"({table.guests}) and ({names}) is distinct from ({blanks})"


def _erase(table: Table) -> str:
    if table.on_erasure is OnErasure.DELETED:
        return f"delete from {table.name} where {_which(table)}"
    values = ", ".join(f"{_quoted(name)} = {blank}" for name, blank in table.blanks.items())
    return f"update {table.name} set {values} where {_which(table)}"


def _count(table: Table) -> str:
    """By guest: the same condition, asked of each of them."""
    of_each = _which(table).replace(GUESTS, "array[asked.guest]")
    return f"""
        select asked.guest, count(*)::int
        from unnest({GUESTS}) as asked (guest), lateral (select from {table.name} where {of_each}) as theirs
        group by 1
    """


def _quoted(name: str) -> str:
    return f'"{name}"'


def together(*counts: Counts) -> dict[UUID, dict[str, int]]:
    """Several counts as one, tables without a row left out."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for one in counts:
        for guest, rows in one.items():
            for table, count in rows.items():
                found[guest][table] = found[guest].get(table, 0) + count
    return {guest: {table: rows[table] for table in sorted(rows) if rows[table]} for guest, rows in found.items()}
