"""What the gate looks at: one request, its guest, and what is true beside them. Plain values, loaded by the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messaging.rules.channel import ChannelRules
from services.messaging.rules.house import AS_USUAL, HouseRules
from shared.rows import row

REFUSED = "refused"
"""The kind of a point at which nobody is reached, by the word of a provider, whatever it is else."""


@row
class Request:
    """A delivery whose instant has come."""

    message_id: UUID
    guest_id: UUID
    version: int
    state: str  # queued | held
    journey: str
    journey_version: int
    step: str
    occurrence: str
    channels: list[str]
    purpose: str
    lane: str
    priority: int
    template: str
    property: str | None
    stay_id: UUID | None
    zone: str
    due_at: datetime
    local_time: str | None
    useful_until: datetime
    wants: list[str]
    holdout: int
    values: dict[str, Any]
    attempts: int = 0


@row
class Point:
    """A contact point of a guest. `kind`: of `PointClass`, or `REFUSED`. `stay_id`: the only one an alias serves."""

    channel: str
    point: str
    address: str
    kind: str
    stay_id: UUID | None = None


@row
class Stay:
    stay_id: UUID
    property: str
    zone: str
    reservation: str
    status: str
    arrival: date
    departure: date
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    muted: bool
    room_type: str = ""
    guests: int = 0


@row
class Consent:
    state: str
    expires_on: date | None = None


@row
class Guest:
    """A guest as messaging knows them. `points`: best first. `surveyed`: stays by journey a survey was sent for."""

    guest_id: UUID
    known: bool = True
    gone: str | None = None
    do_not_contact: str | None = None
    rights: frozenset[str] = frozenset()  # of `Right`, those that stand
    title: str | None = None
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    language: str = "en"
    country: str | None = None
    home_zone: str = "UTC"
    home_property: str | None = None
    tier: str | None = None
    loyalty_points: int | None = None
    own_dates: Mapping[str, str] = field(default_factory=dict)  # by key, as `wording/own_dates.py` keeps them
    points: tuple[Point, ...] = ()
    stays: tuple[Stay, ...] = ()
    consents: Mapping[tuple[str, str], Consent] = field(default_factory=dict)  # by channel and purpose
    complaints: tuple[datetime, ...] = ()  # when each open one was opened
    surveyed: frozenset[tuple[str, UUID]] = frozenset()
    paused_until: datetime | None = None  # no offers before, in the guest's own words
    once_a_month: bool = False  # offers at most, in the guest's own words
    segments: frozenset[str] = frozenset()  # of those by which a published template shows blocks
    objection_unread: bool = False  # what may be an objection waits for a person to read it

    def stay(self, stay_id: UUID | None) -> Stay | None:
        if stay_id is None:
            return None
        for stay in self.stays:
            if stay.stay_id == stay_id:
                return stay
        return None

    def consent(self, channel: str, purpose: str) -> str | None:
        given = self.consents.get((channel, purpose))
        return given.state if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """`names`: by language of guests, where it is called otherwise. `logo`: shown at /brand/<logo>."""

    code: str
    name: str = ""
    zone: str
    country: str
    legal_entity: str = ""
    postal_address: str = ""
    contact: str = ""
    told_of_survey: bool = False
    heard_at: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    colour: str | None = None
    logo: str | None = None
    phone: str = ""
    check_in: str = ""
    map_url: str = ""
    booking_url: str = ""

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.name


@row
class Contact:
    """One counted marketing contact: by a guest's id or a point's index."""

    kind: str  # guest | point
    key: str
    at: datetime


@row
class Reached:
    """A message that went to a contact point not long ago."""

    journey: str
    point: str
    guest_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class World:
    """What is true beside the guest. Holidays and zones by country; `country_of` a contact point that tells it."""

    properties: Mapping[str, Property]
    suppressed: frozenset[tuple[str, str, str]]  # channel, point, purpose or «all»
    refused: frozenset[tuple[str, str]] = frozenset()  # channel and point that is not the guest's own: nobody is there
    resting: frozenset[str] = frozenset()  # points whose mailbox was full again and again
    may_send: Mapping[tuple[str, str, str], bool]  # channel, country or *, purpose or *
    stops: frozenset[tuple[str, str]] = frozenset()  # of all | property | channel | country, and which
    channels: Mapping[str, ChannelRules]
    country_of: Callable[[Point], str | None]  # None: unknown, or its channel does not tell
    house: HouseRules = AS_USUAL  # what the house changed of the rules by country
    is_holiday: Callable[[str, date], bool]
    zones_of: Callable[[str], tuple[str, ...]]
    zones_of_point: Callable[[Point], tuple[str, ...]]  # those that a number's area code leaves open; empty: any
    language_for: Callable[[str, str], str]  # template, the guest's language → one the template has
    wrote_at: Mapping[tuple[str, str], datetime]  # by channel and point, the last time that somebody wrote there
    needs_window: Callable[[Request, str, str], bool]  # …, channel, language: the text goes only to who wrote lately
    lacks: Callable[[Request, Guest, str, str], bool]  # …, channel, language: a value the template needs is missing
