"""How PostgreSQL plans: in this database once for all values (`003_plans.sql`), unless it is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from shared.database.pool import Tx


def plan_for_values(tx: Tx) -> None:
    """For the statements that follow in this transaction, where a plan is as good as what is known of the values."""
    tx.execute("set local plan_cache_mode = force_custom_plan")


@contextmanager
def planned(tx: Tx, **settings: str) -> Iterator[None]:
    """The statements of the block run with these settings, by their names in PostgreSQL; those after it as before."""
    for name, value in settings.items():
        tx.execute(f"set local {name} = '{value}'")
    yield
    for name in settings:
        tx.execute(f"set local {name} to default")


def by_index(tx: Tx) -> AbstractContextManager[None]:
    """Statements whose rows are few for each value that is looked up, which PostgreSQL cannot know of values that come
    out of other tables: it read all stays once for every company of a page."""
    return planned(tx, enable_seqscan="off")
