"""What segments publishes: guests, their stays, and who entered or left which audience."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.events.contact import ConsentClaim, ContactPoint
from shared.events.dictionary import Lane, event, names_of
from shared.rows import named_row
from shared.vocabulary.stay import StayStatus


@named_row
class OwnDate:
    """A day of one of the house's own dates: the wedding day, the end of a membership. `yearly`: it comes again every
    year.
    """

    key: str
    day: date
    yearly: bool
    lunar: str | None = None  # month and day by the lunar calendar, 08-15, where it comes again by that


@event("guest.changed.v1", by="segments", key="guest_id")
class GuestChanged:
    """A guest's full public state. `points`: best first within a channel, of every class."""

    guest_id: UUID
    version: int
    title: str | None  # as the source wrote it, or None
    given_name: str
    family_name: str
    birth_date: date | None
    language: str  # a BCP 47 tag, «en» where unknown
    country: str | None  # ISO 3166 alpha-2
    home_zone: str  # IANA
    home_property: str | None
    tier: str | None
    tags: list[str]
    points: list[ContactPoint]
    consents: list[ConsentClaim]
    do_not_contact: str | None  # deceased | asked | blocked | staff | private
    occurred_at: datetime
    rights: list[str] = field(default_factory=list)  # of `Right`, those that stand
    loyalty_points: int | None = None  # whole ones, as the loyalty programme told them last
    own_dates: list[OwnDate] = field(default_factory=list)  # of those in use, by key


@event("guest.merged.v1", by="segments", key="guest_id")
class GuestMerged:
    guest_id: UUID
    version: int
    into_guest_id: UUID
    occurred_at: datetime


@event("guest.unmerged.v1", by="segments", key="guest_id")
class GuestUnmerged:
    """A guest who had been merged stands alone again, with those merged into them before.

    Both versions are greater than any before. `stays` and `points` are the guest's own: what was made for the other
    guest since the merge and belongs to one of them is this guest's. `consents`, `from_consents`: what sources claim of
    each alone. guest.changed of both follows, in greater versions.
    """

    guest_id: UUID
    version: int
    from_guest_id: UUID
    from_version: int
    merged_at: datetime
    stays: list[UUID]
    points: list[str]  # those that the other guest does not have
    consents: list[ConsentClaim]
    from_consents: list[ConsentClaim]
    occurred_at: datetime


@event("guest.erased.v1", by="segments", key="guest_id")
class GuestErased:
    """`reason`: asked (the guest or a person for them) | term (nobody had seen them for so long)."""

    guest_id: UUID
    version: int
    occurred_at: datetime
    reason: str = "asked"


@event("guest.file_requested.v1", by="segments", key="file_id", lane=Lane.MARKETING)
class GuestFileRequested:
    """Somebody asked for all that is held of a guest. `guest_ids`: the guest's own and those merged into them."""

    file_id: UUID
    version: int
    guest_id: UUID
    guest_ids: list[UUID]
    requested_at: datetime


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


@named_row
class SignedBox:
    """One thing that a guest ticked. `words`: what stood beside it; `point`: the blind index of the address or number
    that they gave with it; `must_confirm`: it counts once the guest has confirmed it by a link.
    """

    channel: str
    purpose: str
    point: str
    words: str
    must_confirm: bool = False


@event("guest.signed_up.v1", by="segments", key="signup_id")
class GuestSignedUp:
    """Somebody signed up by a form, on its page or at the desk's kiosk. It comes after the guest.changed of whom it
    made. `version`: of the sign-up; a later one brings what people decided about it. `by`: the colleague who watched,
    at a kiosk.
    """

    signup_id: UUID
    version: int
    guest_id: UUID
    form: str
    form_version: int
    property: str | None  # None: the form of the whole house
    page: str  # join | kiosk
    language: str
    zone: str  # the guest's home zone
    is_new: bool  # nobody was known by what they typed
    boxes: list[SignedBox]
    said_at: datetime
    occurred_at: datetime
    by: str | None = None


@event("guest.event.v1", by="segments", key="event_id")
class GuestEvent:
    """Something happened to a guest, as a hotel's own system tells it. `name`: the system's, such as «spa.booked»;
    `details`: texts, numbers, true and false by name. Each is told once; there is no later version.
    """

    event_id: UUID
    version: int
    guest_id: UUID  # whose it was when it was told
    stay_id: UUID | None
    property: str
    zone: str  # the guest's home zone
    name: str
    details: dict[str, Any]
    happened_at: datetime
    occurred_at: datetime  # when it was told


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


@event("feed.heard.v1", by="segments", key=("property", "source", "day"), lane=Lane.MARKETING)
class FeedHeard:
    """A source told of stays of a hotel: the first time on a day, whether it changed anything or not. `source`: as its
    reservations are known by, those of an import, of a system or of a program."""

    property: str
    source: str
    version: int  # the day, in days since 1970
    day: date  # UTC
    heard_at: datetime


@event("property.heard.v1", by="segments", key="property")
class PropertyHeard:
    """A source sent data of a hotel's stays, and none of them is told as of this instant: the data changed nothing, or
    what they changed happened before. It comes after the stays that they did change.
    """

    property: str
    version: int  # whole seconds since 1970
    heard_at: datetime
