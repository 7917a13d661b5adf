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
FIRST = f"select * from guest_facts limit {LOOKED_AT}"


def values_by_fact(tx: Tx, only: Collection[str] = frozenset((*COLUMNS, *LISTS))) -> dict[str, list[str]]:
    """By fact the texts that occur, in order; suggestions, not a list of what is allowed. `only`: these facts."""
    asked = {name: value for name, value in COLUMNS.items() if name in only}
    asked |= {name: f"unnest({value})" for name, value in LISTS.items() if name in only}
    texts = ", ".join(
        f"array(select text from (select distinct {value} as text from looked_at as p) as texts "
        "where text is not null order by text)"
        for value in asked.values()
    )
    row = tx.execute(f"with looked_at as materialized ({FIRST}) select {texts}").fetchone()
    return {name: list(values) for name, values in zip(asked, row or (), strict=True)}
