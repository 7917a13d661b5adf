"""What segments publishes of a guest: who they are, whom they were found to be, what they signed and what happened."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.events.contact import ConsentClaim, ContactPoint
from shared.events.dictionary import Lane, event
from shared.rows import named_row


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
