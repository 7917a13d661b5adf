"""How PostgreSQL plans: in this database once for all values (`003_plans.sql`), unless it is told otherwise."""

from __future__ import annotations

from shared.database.pool import Tx


def plan_for_values(tx: Tx) -> None:
    """For the statements that follow in this transaction, where a plan is as good as what is known of the values."""
    tx.execute("set local plan_cache_mode = force_custom_plan")
