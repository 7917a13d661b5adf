"""What a rule may be asked about: the values that occur, found among the first many guests."""

from __future__ import annotations

from collections.abc import Collection

from services.segments.facts import FACTS
from services.segments.facts.fact import Kind, Values
from shared.database.pool import Tx

LOOKED_AT = 20_000
SUGGESTED = (Values.FREE, Values.COUNTRIES, Values.LANGUAGES)
COLUMNS = {fact.name: fact.sql.value for fact in FACTS.values() if fact.kind is Kind.TEXT and fact.values in SUGGESTED}
LISTS = {fact.name: fact.sql.value for fact in FACTS.values() if fact.kind is Kind.TEXTS}
FIRST = f"(select * from guest_facts limit {LOOKED_AT}) as p"


def values_by_fact(tx: Tx, only: Collection[str] = frozenset((*COLUMNS, *LISTS))) -> dict[str, list[str]]:
    """By fact the texts that occur, in order; suggestions, not a list of what is allowed. `only`: these facts."""
    columns = {name: value for name, value in COLUMNS.items() if name in only}
    lists = ", ".join(f"array_agg(distinct {value}) filter (where {value} is not null)" for value in columns.values())
    row = tx.execute(f"select {lists} from {FIRST}").fetchone()
    found = {name: list(values or []) for name, values in zip(columns, row or (), strict=True)}
    for name, value in LISTS.items():
        if name in only:
            found[name] = [text for (text,) in tx.execute(f"select distinct unnest({value}) from {FIRST} order by 1")]
    return found
