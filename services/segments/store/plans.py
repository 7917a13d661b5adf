"""How PostgreSQL plans: in this database once for all values (`003_plans.sql`), unless it is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.database.pool import Tx


def plan_for_values(tx: Tx) -> None:
    """For the statements that follow in this transaction, where a plan is as good as what is known of the values."""
    tx.execute("set local plan_cache_mode = force_custom_plan")


@contextmanager
def by_index(tx: Tx) -> Iterator[None]:
    """Statements whose rows are few for each value that is looked up, which PostgreSQL cannot know of values that come
    out of other tables: it read all stays once for every company of a page."""
    tx.execute("set local enable_seqscan = off")
    yield
    tx.execute("set local enable_seqscan to default")
