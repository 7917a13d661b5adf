"""Seal again under the keys in use what rests under older ones, while everything runs; and count what still does.

Which columns are sealed, and for what, every service declares in its `personal_data`. A table, or each part of one that
is kept in parts, is gone through in stretches of its pages. A value is replaced only where it is still the one that was
read, and nothing waits for a row that somebody else holds: what changed meanwhile is found by the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from psycopg import sql

from guestloop.composition.services import MANIFESTS, Group
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import PREFIX, CannotOpen, Sealed
from shared.database.months import leaves
from shared.database.pool import Database, Tx
from shared.personal_data.declaration import OnErasure, Table

PAGES = 200  # of eight kilobytes


@dataclass(frozen=True)
class SealedColumn:
    service: str
    table: str
    column: str
    purpose: Sealing
    boxed: bool = False


def sealed_columns() -> Iterator[SealedColumn]:
    for manifest in MANIFESTS:
        for table in manifest.personal_data.tables:
            for name, column in table.columns.items():
                if column.sealed:
                    yield SealedColumn(manifest.name, table.name, name, column.sealed, column.boxed)


def seal_again(group: Group, one: SealedColumn, tell: Callable[[int], None] = lambda _: None) -> int:
    """How many values were sealed anew. `tell` hears of each stretch. What no key of the ring opens is left alone."""
    database, done = group.database(one.service), 0
    for part, pages in _pages(database, one.table):
        for first in range(0, pages, PAGES):
            with database.transaction() as tx:
                done += _a_stretch(tx, one, part, first)
            tell(done)
    return done


def _a_stretch(tx: Tx, one: SealedColumn, part: str, first: int) -> int:
    names = {
        "table": sql.Identifier(part),
        "column": sql.Identifier(one.column),
        "value": value_of(one.column, one.purpose, boxed=one.boxed),
        "new": sql.SQL("boxed(said.new, {})").format(sql.Literal(one.purpose)) if one.boxed else sql.SQL("said.new"),
    }
    query = """
        select ctid::text, {value} from {table}
        where ctid >= %(from)s::tid and ctid < %(to)s::tid and {value} like %(sealed)s and {value} not like %(newest)s
        for update skip locked
    """
    newest = f"{PREFIX}2:{tx.keyring.names(one.purpose)[0]}:%"
    bounds = {"from": f"({first},0)", "to": f"({first + PAGES},0)", "sealed": f"{PREFIX}%", "newest": newest}
    found = tx.execute(sql.SQL(query).format(**names), bounds).fetchall()
    places, old, new = [], [], []
    for place, value in found:
        try:
            plain = tx.keyring.open_bytes(Sealed(value), one.purpose)
        except CannotOpen:
            continue
        places.append(place)
        old.append(value)
        new.append(tx.keyring.seal_bytes(plain, one.purpose))
    replace = """
        update {table} as kept set {column} = {new}
        from unnest(%s::text[]::tid[], %s::text[], %s::text[]) as said (place, old, new)
        where kept.ctid = said.place and {value} = said.old
    """
    return tx.execute(sql.SQL(replace).format(**names), [places, old, new]).rowcount if new else 0


def value_of(column: str, purpose: Sealing, *, boxed: bool) -> sql.Composable:
    """The sealed value that a column holds, as text."""
    name = sql.Identifier(column)
    return sql.SQL("unboxed({}, {})").format(name, sql.Literal(purpose)) if boxed else name


def _pages(database: Database, table: str) -> list[tuple[str, int]]:
    """How many, of each table in which its rows lie."""
    query = "select part, pg_relation_size(part::regclass) / 8192 + 1 from unnest(%s::text[]) as parts (part)"
    with database.glance() as tx:
        return tx.execute(query, [leaves(tx.connection, table)]).fetchall()


def resting_under(group: Group, key: str) -> dict[str, int]:
    """How many rows hold a value that this key has sealed, by `service.table`; none of those without."""
    found = {}
    for manifest in MANIFESTS:
        with group.database(manifest.name).transaction() as tx:
            for table in manifest.personal_data.tables:
                if count := _count(tx, table, key):
                    found[f"{manifest.name}.{table.name}"] = count
    return found


def _count(tx: Tx, table: Table, key: str) -> int:
    """In bodies of events as well: they are handed on, and opened by who receives them."""
    starts = [f"{PREFIX}{key}:", f"{PREFIX}2:{key}:"]
    if table.on_erasure is OnErasure.OWN_COMMAND:
        conditions = [sql.SQL(IN_A_BODY).format(sql.Identifier(table.name))]
    else:
        named = [
            value_of(name, column.sealed, boxed=column.boxed) for name, column in table.columns.items() if column.sealed
        ]
        conditions = [sql.SQL("starts_with({0}, %(of_all)s) or starts_with({0}, %(own)s)").format(one) for one in named]
    if not conditions:
        return 0
    query = sql.SQL("select count(*) from {} where {}").format(
        sql.Identifier(table.name), sql.SQL(" or ").join(conditions)
    )
    row = tx.execute(query, {"of_all": starts[0], "own": starts[1]}).fetchone()
    return int(row[0]) if row else 0


IN_A_BODY = """
    position(convert_to(%(of_all)s, 'UTF8') in body) > 0 or position(convert_to(%(own)s, 'UTF8') in body) > 0
    or {0}::text like '%%' || %(of_all)s || '%%' or {0}::text like '%%' || %(own)s || '%%'
"""
