"""Results are counted as they are asked for; what took a while is shown again for an hour, and says of when it is.

A small house so always sees the newest, and a large one's page does not wait for the same sums each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from services.campaigns.queries.results import By, ResultLine, Window, lines_of, result_rows
from services.campaigns.store import results_kept as store
from shared.access.scope import Scope
from shared.database.pool import Tx

A_WHILE = 0.2  # seconds
SHOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Counted:
    """`at`: when."""

    at: datetime
    lines: list[ResultLine]


def count_results(
    tx: Tx, key: str, window: Window, by: By, scope: Scope, at: datetime, *, anew: bool = False
) -> Counted:
    question: dict[str, Any] = {"key": key, "by": str(by), **vars(window), **scope.values}
    if not anew and (found := store.kept(tx, question, at - SHOWN_FOR)):
        return Counted(found[0], lines_of(found[1]))
    began = perf_counter()
    rows = result_rows(tx, key, window, by, scope)
    if perf_counter() - began > A_WHILE:
        store.keep(tx, question, rows, at, at - SHOWN_FOR)
    return Counted(at, lines_of(rows))
