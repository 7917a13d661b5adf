"""Index again under the keys in use what is found by older ones, while everything runs; and count what still is.

Contact points and keys of guests are segments', accounts are console's. Messaging and feedback follow by the events of
the guests; what they keep of an address that no guest has stays under its older key, and keeps that key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from psycopg import sql

from guestloop.composition.services import Group
from services.console.commands.index_again import index_accounts_again
from services.segments.commands.finding.index_again import FIRST_KEY, index_keys_again, index_points_again
from services.segments.commands.finding.index_search import FIRST, index_search_again
from shared.crypto.sealing import INDEX
from shared.database.pool import Database, Tx

T = TypeVar("T")
AT_ONCE = 500
INDEXED: dict[str, tuple[tuple[str, str], ...]] = {
    "segments": (
        ("contact_point", "point"),
        ("guest_point", "point"),
        ("removed_point", "point"),
        ("guest_key", "key"),
        ("guest_search", "case point_key when 'index' then repeat('0', 64) else point_key || ':' end"),
    ),
    "messaging": (
        ("recipient_point", "point"),
        ("suppression", "point"),
        ("delivery", "point"),
        ("counted_contact", "case kind when 'point' then key end"),
    ),
    "feedback": (
        ("guest_known", "array_to_string(emails || numbers, ' ')"),
        ("reply", "point"),
        ("optout_listed", "point"),
    ),
    "console": (("account", "email_index"), ("sign_in_attempt", "key")),
}
"""Where blind indexes rest: an SQL expression a table, one index or several apart by spaces."""


def index_again(group: Group, at: datetime, tell: Callable[[int], object] = lambda _: None) -> dict[str, int]:
    """How many were indexed anew, by what they are. `tell` hears of each set."""
    segments = group.database("segments")
    points = _all(segments, "", lambda tx, after: index_points_again(tx, after, AT_ONCE, at), tell)
    keys = _all(segments, FIRST_KEY, lambda tx, after: index_keys_again(tx, after, AT_ONCE), tell)
    search = _all(segments, FIRST, lambda tx, after: index_search_again(tx, after, AT_ONCE), tell)
    with group.database("console").transaction() as tx:
        accounts = index_accounts_again(tx)
    return {"contact points": points, "names": keys, "guests to be found": search, "accounts": accounts}


def _all(
    database: Database, first: T, a_set: Callable[[Tx, T], tuple[T | None, int]], tell: Callable[[int], object]
) -> int:
    after: T | None = first
    done = 0
    while after is not None:
        with database.transaction() as tx:
            after, moved = a_set(tx, after)
        done += moved
        tell(moved)
    return done


def found_by(group: Group, key: str) -> dict[str, int]:
    """How many rows are found by an index under this key, by `service.table`; none of those without."""
    pattern = r"(^| )[0-9a-f]{64}( |$)" if key == INDEX else rf"(^| ){key.replace('.', '[.]')}:"
    counts = {}
    for service, tables in INDEXED.items():
        with group.database(service).transaction() as tx:
            for table, expression in tables:
                query = sql.SQL("select count(*) from {} where " + expression + " ~ %s").format(sql.Identifier(table))
                row = tx.execute(query, [pattern]).fetchone()
                if row and row[0]:
                    counts[f"{service}.{table}"] = int(row[0])
    return counts
