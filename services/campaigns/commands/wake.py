"""Something happened to guests: keep it where running journeys wait for it, and wake the enrolments that do."""

from __future__ import annotations

from collections.abc import Iterable

from services.campaigns.store.awaiting import Happening, journeys_awaiting, keep_happenings, wake
from shared.database.pool import Tx


def wake_waiting(tx: Tx, whats: Iterable[str], happenings: Iterable[Happening]) -> None:
    """`whats` are what the happenings are of; they are looked at only where a running journey waits for one of them.

    State that is republished is no happening: the caller leaves it out.
    """
    awaited = journeys_awaiting(tx, sorted(set(whats)))
    if not awaited:
        return
    wanted = [one for one in happenings if one.what in awaited]
    keep_happenings(tx, wanted)
    wake(tx, wanted, sorted({journey for journeys in awaited.values() for journey in journeys}))
