"""What segments publishes of stays: the same full state in each event."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.events.dictionary import Lane, event, names_of
from shared.rows import named_row
from shared.vocabulary.stay import StayStatus


@named_row
class StayState:
    """A stay's full public state, the same in every stay.* event."""

    stay_id: UUID
    version: int
    guest_id: UUID
    property: str
    zone: str  # the property's, IANA
    reservation: str
    status: StayStatus
    booked_at: datetime
    arrival: date
    departure: date
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    ended_at: datetime | None  # cancelled or no-show
    nights: int
    booking_channel: str | None
    muted: bool
    occurred_at: datetime  # when it happened
    room_type: str = ""  # as the source names it; empty where it names none, or was told before stays told it
    guests: int = 0  # adults and children; 0 where the source does not say
    rate_plan: str = ""  # as the source names it; empty as `room_type` is
    revenue: str | None = None  # a decimal number, as the source states it; None where it states none
    currency: str | None = None  # of the revenue; None: the hotel's
    market: str = ""  # the market segment as the source names it; empty as `room_type` is


@event("stay.booked.v1", by="segments", key="stay_id")
class StayBooked(StayState):
    pass


@event("stay.changed.v1", by="segments", key="stay_id")
class StayChanged(StayState):
    pass


@event("stay.cancelled.v1", by="segments", key="stay_id")
class StayCancelled(StayState):
    pass


@event("stay.checked_in.v1", by="segments", key="stay_id")
class StayCheckedIn(StayState):
    pass


@event("stay.checked_out.v1", by="segments", key="stay_id")
class StayCheckedOut(StayState):
    pass


@event("stay.no_show.v1", by="segments", key="stay_id")
class StayNoShow(StayState):
    pass


@event("stay.reinstated.v1", by="segments", key="stay_id")
class StayReinstated(StayState):
    pass


STAY_EVENTS = names_of(StayState)


@event("stay.kept.v1", by="segments", key="stay_id", lane=Lane.MARKETING)
class StayKept:
    """What is left of the stay of an erased guest: a figure of its hotel, that leads to nobody. It is told as the guest
    is erased, as a source tells of such a stay later, and again with the other stays. `version`: of the stay.
    """

    stay_id: UUID
    version: int
    property: str
    zone: str  # the property's, IANA
    status: StayStatus
    booked_at: datetime
    arrival: date
    checked_out_at: datetime | None
    nights: int
    booking_channel: str | None
    muted: bool
    revenue: str | None  # a decimal number, as the source states it; None where it states none
    currency: str | None  # of the revenue; None: the hotel's
    market: str  # the market segment as the source names it; empty where it names none
    occurred_at: datetime  # when the last thing happened to it
