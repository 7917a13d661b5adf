"""The claim of notices: one transaction that gives up what is lost, refuses what cannot go, and takes what is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.messaging.commands.notices.settle import publish_settled
from services.messaging.store import notices as store
from services.messaging.store.notices import DueNotice
from shared.database.pool import Tx

KEPT_SETTLED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ClaimedNotices:
    """`decided`: how many were taken or settled by this claim."""

    token: UUID
    notices: list[DueNotice]
    decided: int


def claim_notices(
    tx: Tx,
    channels: Collection[str],
    lookups: Collection[str],
    *,
    lease: timedelta,
    tested: Collection[UUID] = (),
    lag: timedelta,
    most: int,
    at: datetime,
) -> ClaimedNotices:
    """`channels` have a sender, and those `tested` of the house's own can be tried; the providers of `lookups` can be
    asked what they took, `lag` after it at the earliest."""
    token = uuid4()
    asked = {"channels": sorted(channels), "lookups": sorted(lookups), "tested": list(tested), "at": at}
    settled = store.give_up_leases(tx, {**asked, "ask_at": at + lag})
    settled += store.refuse(tx, asked)
    taken = (
        store.claim(tx, {**asked, "token": token, "lease_until": at + lease, "most": most})
        if channels or tested
        else []
    )
    if settled:
        publish_settled(tx, settled, at)
        store.drop(tx, at - KEPT_SETTLED)
    return ClaimedNotices(token, taken, len(settled) + len(taken))
