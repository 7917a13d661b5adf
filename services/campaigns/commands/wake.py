"""Something happened to guests: keep it where running journeys wait for it, and wake the enrolments that do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.campaigns.steps.own_messages import own
from services.campaigns.store import awaiting as store
from services.campaigns.store.awaiting import Happening, journeys_awaiting, keep_happenings, wake
from shared.database.pool import Tx


def wake_own(tx: Tx, what: str, messages: Sequence[str | None], instants: Sequence[str]) -> None:
    """Guests did something with messages of ours: those enrolments whose messages they are wait for it no longer. What
    it was is kept by the caller before."""
    known = [(message, at) for message, at in zip(messages, instants, strict=True) if message]
    if known and journeys_awaiting(tx, [own(what)]):
        store.wake_own(tx, own(what), [message for message, _ in known], [at for _, at in known])


def lock_own(tx: Tx, what: str, messages: Sequence[str]) -> None:
    """Those enrolments, before anything is written of their messages: enrolments are locked first everywhere."""
    if journeys_awaiting(tx, [own(what)]):
        store.lock_own(tx, messages)


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
