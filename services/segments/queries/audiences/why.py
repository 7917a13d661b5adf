"""What a rule finds of one guest, condition by condition: whether it holds, and the value it looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.segments.facts.fact import Kind
from services.segments.queries.scope import FACTS_SEEN
from services.segments.rules.language.nested import Rules, expanded
from services.segments.rules.language.tree import Leaf, Rule
from services.segments.store.evaluation.compile import compile_findings
from services.segments.store.evaluation.statement import DAYS, GATHERED
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True)
class Finding:
    """`value`: as the fact has it today; None where it is missing, or where the condition names a segment."""

    holds: bool
    value: Any


@dataclass(frozen=True)
class Standing:
    """`since`: of the last change; None where nothing was logged, as of whoever was in from the start."""

    is_in: bool
    since: datetime | None
    because: dict[str, Any] | None
    in_no_audience: bool


def findings(tx: Tx, leaves: Sequence[Leaf], guest: UUID, zone: str, today: date, live: Rules) -> list[Finding]:
    """In the order of `leaves`; empty where nothing is known of the guest."""
    rules: list[Rule] = [expanded(leaf, live) for leaf in leaves]
    shown = [None if leaf.entry.kind is Kind.MEMBERSHIP else leaf for leaf in leaves]
    compiled = compile_findings(rules, shown)
    text = f"""
        select {", ".join((*compiled.conditions.values(), *compiled.values))}
        from (
            select f.*, a.today{"".join(f", {column}" for column in compiled.today)}
                {", v.mean_spend as average" if compiled.averages else ""}
            from guest_facts f join {DAYS} as a on a.zone = f.home_zone
            {"left join property_average v on v.property = f.last_property" if compiled.averages else ""}
            where f.guest_id = %(guest)s
        ) as p
        {GATHERED.format(columns=", ".join(compiled.gathered)) if compiled.gathered else ""}
    """
    row = tx.execute(text, {"guest": guest, "zones": [zone], "days": [today]}).fetchone()
    if row is None:
        return []
    count = len(leaves)
    return [Finding(row[place] is True, row[count + place]) for place in range(count)]


def standing(tx: Tx, number: int, guest: UUID) -> Standing:
    row = tx.execute(
        """
        select coalesce(
                (select segments @> array[%(number)s::int] from membership where guest_id = %(guest)s), false),
            l.at, l.because,
            coalesce((select in_no_audience from guest_facts where guest_id = %(guest)s), false)
        from (select 1) as one
        left join lateral (
            select at, because from membership_change where guest_id = %(guest)s and segment = %(number)s
            order by version desc limit 1
        ) as l on true
        """,
        {"number": number, "guest": guest},
    ).fetchone()
    assert row is not None, "one row always"
    return Standing(*row)


def is_seen(tx: Tx, guest: UUID, scope: Scope) -> bool:
    """Whether somebody of these hotels may know of the guest."""
    query = f"select from guest_facts f where f.guest_id = %(guest)s and ({'true' if scope.everywhere else FACTS_SEEN})"
    return tx.execute(query, {"guest": guest, **scope.values}).fetchone() is not None
