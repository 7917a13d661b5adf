"""What segments publishes of segments: who entered or left, who is in one, and of which somebody was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.dictionary import Lane, event


@event("audience.changed.v1", by="segments", key=("guest_id", "segment"), lane=Lane.MARKETING)
class AudienceChanged:
    """One guest entered or left one audience.

    `version` counts this guest's changes in this segment. `initial`: true where nobody entered just now (first
    evaluation, edited rule, import of history); such a member enters no journey unless its launch lets present
    members in. `because`: what moved the guest, enough to decide by:

    - `{"kind": "time", "fact": "last_checkout", "date": "2016-03-01"}` a border was crossed on that local day
    - `{"kind": "stay", "what": "stay.cancelled", "stay_id": …}` a stay of the guest changed
    - `{"kind": "guest", "what": "guest.changed"}` the guest's profile changed
    - `{"kind": "initial"}`

    and, of the facts its rule reads: `"birthday": "2017-01-03"` (the next birthday; with `"born": "02-29"` where it is
    kept on 28 February in other years), `"lunar-birthday"` and `"first-stay"` (the next birthday by the lunar calendar,
    and anniversary of the first stay, where a journey enters by one), `"own:KEY"` (the next day of one of the house's
    own dates, where a journey enters by it; with `"once"` where it does not come again, and `"leap": "02-29"`),
    `"last_stay": {"stay_id": …, "reservation": …,
    "property": …, "checked_out_on": "2016-03-01"}`.
    """

    guest_id: UUID
    segment: str
    version: int
    entered: bool
    initial: bool
    at: datetime
    zone: str  # the guest's home zone, so that a subscriber need not wait for guest.changed
    because: dict[str, Any]


@event("audience.listed.v1", by="segments", key=("segment", "part"), lane=Lane.MARKETING)
class AudienceListed:
    """Some of the members of a segment that was asked for (audience.wanted): part `part` of `parts`. `version`: of what
    was asked. `versions`: beside each guest that of their newest change in the segment, as audience.changed has it.
    """

    segment: str
    version: int
    part: int
    parts: int
    guests: list[UUID]
    versions: list[int]
    occurred_at: datetime


@event("answer.attributed.v1", by="segments", key="answer_id", lane=Lane.MARKETING)
class AnswerAttributed:
    """Of which segments a guest was when they answered a survey: whoever enters or leaves one later changes nothing
    about it. `segments`: keys of those that people made or choose. `version`: of the answer.
    """

    answer_id: UUID
    version: int
    guest_id: UUID
    segments: list[str]
    answered_at: datetime
