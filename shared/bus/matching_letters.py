"""Many dead letters at once: what matches is counted, replayed and dropped in sets, each a transaction of its own.

A set says in the audit trail what was asked and what it did, in the transaction that did it: whoever is interrupted has
done, and told, whole sets. Those that came after the asking are left alone, though they match.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus import dead_letters
from shared.bus.subscriptions import Subscription
from shared.clock import Clock
from shared.database.pool import Database, Tx

AT_ONCE = 200
Note = Callable[[Tx, str, str, dict[str, Any], datetime], None]
"""Tells the audit trail the action, its subject and its details."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which dead letters; what is None is not asked. `reason`: a part of it, however written; `before`: those whose
    last attempt is earlier; `until`: none with a higher number."""

    subscription: str | None = None
    type_name: str | None = None
    key: str | None = None
    reason: str | None = None
    before: datetime | None = None
    until: int | None = None

    @property
    def asked(self) -> dict[str, str]:
        """For the audit trail: without the subject, which may be a guest."""
        told = {"concern": self.subscription, "type": self.type_name, "reason": self.reason}
        told["before"] = self.before.isoformat() if self.before else None
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Kind:
    """Dead letters of one kind, for one reason. `oldest`: the earliest last attempt."""

    subscription: str
    type: str
    reason: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Done:
    """`tried`: how many were worked on; `worked`: applied, or dropped; `left`: not come to in the time."""

    tried: int = 0
    worked: int = 0
    left: int = 0


MATCHES = """
    (%(subscription)s::text is null or concern = %(subscription)s)
    and (%(type_name)s::text is null or type = %(type_name)s)
    and (%(key)s::text is null or subject_key = %(key)s)
    and (%(reason)s::text is null or position(lower(%(reason)s) in lower(reason)) > 0)
    and (%(before)s::timestamptz is null or at < %(before)s)
    and (%(until)s::bigint is null or id <= %(until)s)
"""


def count(tx: Tx, wanted: Wanted) -> tuple[int, int]:
    """How many match, and the number of the newest of them (0: none)."""
    row = tx.execute(
        f"select count(*)::int, coalesce(max(id), 0) from dead_letter where {MATCHES}", vars(wanted)
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def kinds(tx: Tx, wanted: Wanted) -> list[Kind]:
    """Those that match by kind and reason, most first."""
    return tx.rows(
        Kind,
        f"""
        select concern as subscription, type, reason, count(*)::int as count, min(at) as oldest
        from dead_letter where {MATCHES} group by 1, 2, 3 order by 4 desc, 1, 2, 3
        """,
        vars(wanted),
    )


def replay_all(
    database: Database,
    wanted: Wanted,
    clock: Clock,
    *,
    note: Note,
    subscriptions: Iterable[Subscription],
    within: float = float("inf"),
) -> Done:
    """Call the handlers with them again, the oldest first. Those that still cannot be applied stay."""
    its = tuple(subscriptions)

    def work(tx: Tx, ids: list[int], at: datetime) -> int:
        return dead_letters.replay(tx, ids, at, subscriptions=its)

    return _in_sets(database, wanted, clock, note, ("dead_letters.replayed", "applied", work), within)


def drop_all(database: Database, wanted: Wanted, clock: Clock, *, note: Note, within: float = float("inf")) -> Done:
    def work(tx: Tx, ids: list[int], _at: datetime) -> int:
        return dead_letters.drop(tx, ids)

    return _in_sets(database, wanted, clock, note, ("dead_letters.dropped", "dropped", work), within)


def _in_sets(
    database: Database,
    wanted: Wanted,
    clock: Clock,
    note: Note,
    verb: tuple[str, str, Callable[[Tx, list[int], datetime], int]],
    within: float,
) -> Done:
    """`within`: seconds after which no other set is begun."""
    action, what, work = verb
    ends, after, tried, worked = time.monotonic() + within, 0, 0, 0
    with database.transaction() as tx:
        matching, newest = count(tx, wanted)
    while time.monotonic() < ends:
        with database.transaction() as tx:
            ids, at = _next(tx, wanted, after, newest), clock.now()
            if not ids:
                break
            done = work(tx, ids, at)
            told: dict[str, Any] = {"filter": wanted.asked, "from": ids[0], "to": ids[-1]}
            note(tx, action, f"service {tx.service}", {**told, "tried": len(ids), what: done}, at)
        after, tried, worked = ids[-1], tried + len(ids), worked + done
    return Done(tried, worked, max(matching - tried, 0))


def _next(tx: Tx, wanted: Wanted, after: int, newest: int) -> list[int]:
    query = f"""
        select id from dead_letter where {MATCHES} and id > %(after)s and id <= %(newest)s order by id limit {AT_ONCE}
    """
    return [number for (number,) in tx.execute(query, {**vars(wanted), "after": after, "newest": newest})]
