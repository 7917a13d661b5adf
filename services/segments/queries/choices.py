"""What a rule may be asked about: the values that occur, found among the first many guests."""

from __future__ import annotations

import re
from collections.abc import Collection

from services.segments.facts import FACTS
from services.segments.facts.fact import Kind, Values
from shared.database.pool import Tx

LOOKED_AT = 20_000
SUGGESTED = (Values.FREE, Values.COUNTRIES, Values.LANGUAGES)
COLUMNS = {fact.name: fact.sql.value for fact in FACTS.values() if fact.kind is Kind.TEXT and fact.values in SUGGESTED}
LISTS = {fact.name: fact.sql.value for fact in FACTS.values() if fact.kind is Kind.TEXTS}


def values_by_fact(tx: Tx, only: Collection[str] = frozenset((*COLUMNS, *LISTS))) -> dict[str, list[str]]:
    """By fact the texts that occur, in order; suggestions, not a list of what is allowed. `only`: these facts."""
    columns = [value for name, value in COLUMNS.items() if name in only]
    lists = [value for name, value in LISTS.items() if name in only]
    names = [*(name for name in COLUMNS if name in only), *(name for name in LISTS if name in only)]
    read = ", ".join(sorted(set(re.findall(r"\bp\.(\w+)", " ".join([*columns, *lists]))))) or "1"
    found = [
        *(f"array(select distinct {value} from p where {value} is not null order by 1)" for value in columns),
        *(f"array(select distinct unnest({value}) from p order by 1)" for value in lists),
    ]
    if not found:
        return {}
    row = tx.execute(
        f"with p as materialized (select {read} from guest_facts limit {LOOKED_AT}) select {', '.join(found)}"
    ).fetchone()
    return dict(zip(names, map(list, row or ()), strict=True))
