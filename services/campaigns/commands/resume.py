"""A guest who was merged stands alone again: their journeys go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.store import cut_short
from services.campaigns.store.enrolments import lock_by_id, lock_of_guests
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.reason import Reason


def resume(tx: Tx, guest_id: UUID, other_id: UUID, stays: Sequence[str], merged_at: str, at: datetime) -> None:
    """1. what the other guest entered in the meantime with one of these stays ends there, and is taken over as it stood
    2. what was ended by the merge goes on where it was; a message that was taken back is asked for again
    """
    own = lock_of_guests(tx, [guest_id])
    entered = lock_by_id(tx, cut_short.twins(tx, other_id, stays, merged_at))
    leave(tx, [Leaving(one, Reason.STAY_MOVED) for one in entered if must_leave(one)], at)
    occasions = {(one.journey, one.occurrence) for one in entered}
    anew = [one for one in own if (one.journey, one.occurrence) in occasions and must_leave(one)]
    leave(tx, [Leaving(one, Reason.PLANNED_ANEW) for one in anew], at)
    ids = [make_id("enrolment", one.journey, guest_id, one.occurrence) for one in entered]
    cut_short.resume(tx, guest_id, {"twins": [one.id for one in entered], "ids": ids, "stays": stays, "at": at})
