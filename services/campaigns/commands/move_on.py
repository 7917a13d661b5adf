"""Guests go on in another journey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.advance import Advanced, Due
from services.campaigns.rules.moving_on import by_jump, refused
from services.campaigns.store.journeys import live_journeys
from shared.database.pool import Tx

Move = tuple[Due, Advanced]


def move_into_others(tx: Tx, moves: Sequence[Move], at: datetime) -> list[Move]:
    """The moves, each with the reason by which it ends: where the other journey does not run, or the guest came by it,
    they are done here and enter nowhere."""
    if not any(to.into for _, to in moves):
        return list(moves)
    lives = {live.key: live for live in live_journeys(tx, at)}
    found, entrances = [], []
    for due, to in moves:
        if to.into is not None:
            live = lives.get(to.into)
            reason = refused(due, to.into, live)
            if live is not None and reason is None:
                entrances.append(by_jump(live, due, at))
            to = replace(to, reason=reason or to.reason)
        found.append((due, to))
    lock_and_enter(tx, entrances, at)
    return found
