"""What is known of contact points that are no guest's: where strangers wrote from."""

from __future__ import annotations

from collections.abc import Sequence

from shared.database.pool import Tx


def said_of(tx: Tx, points: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Of channels and points: what objections ended there, each a channel, a point and a purpose; and those at which
    nobody is reached."""
    asked = {"channels": sorted({one for one, _ in points}), "points": [point for _, point in points]}
    return tx.execute(ENDED, asked).fetchall(), tx.execute(REFUSED, asked).fetchall()


ENDED = """
    select channel, point, purpose from suppression where channel = any(%(channels)s) and point = any(%(points)s)
"""
REFUSED = """
    select channel, point from refused_point
    where channel = any(%(channels)s) and point = any(%(points)s) and lifted_at is null
"""
