"""What journeys are called."""

from __future__ import annotations

from collections.abc import Mapping

from shared.database.pool import Tx


def journey_names(tx: Tx) -> Mapping[str, str]:
    """By key; one launched before its name was heard is missing."""
    return dict(tx.execute("select journey, name from journey_known order by journey").fetchall())
