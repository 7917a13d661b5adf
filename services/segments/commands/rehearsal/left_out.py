"""Segments that nothing in a rehearsal asks for stand still in it."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.broken_rules import ROLE
from services.segments.rules.language.nested import users_of
from services.segments.store import rehearsals as store
from services.segments.store import segments
from services.segments.store.evaluation import rulesets
from shared.database.pool import Tx


def leave_others_out(tx: Tx, at: datetime) -> None:
    """Who enters and leaves is told of segments in use only. Each of the others whose name stands in no rule of such a
    one is treated as one that cannot be evaluated: whoever is in stays in. It costs nothing then, and nobody is
    evaluated for its sake. `tx` is a scratch copy."""
    rules = rulesets.current_rules(tx)
    sound = [rules.keys[number] for number in rules.rules]
    in_use, live = store.in_use(tx), segments.live_rules(tx, only=sound)
    others = [key for key in sound if key not in in_use and in_use.isdisjoint(users_of(key, live))]
    store.leave_out(tx, ROLE, others, at)
