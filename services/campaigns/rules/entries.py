"""What makes an entry: from a change of audience or a stay to who is enrolled, and for which occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from services.campaigns.rules.journey import Journey
from services.campaigns.steps.anchors import Anchor
from services.campaigns.steps.entries import (
    STANDS_WHILE,
    AudienceEntry,
    DateEntry,
    LeapDay,
    Occurrence,
    StayDateEntry,
    StayEntry,
    start_of,
)
from shared.localtime import local_date
from shared.rows import row

UNMERGED = "guest.unmerged"
DAY_MOVED = "guest.dates_changed"
KEPT = "kept"
"""Under which name an enrolment keeps the day of one of the house's own dates that comes again every year."""
EARLIEST_MESSAGE = timedelta(minutes=10)  # after the launch: until then it can be taken back whole


@dataclass(frozen=True)
class Live:
    """A launched journey: the version new guests enter, and from when on entries count."""

    key: str
    version: int
    journey: Journey
    launched_at: datetime
    entries_from: date | None
    paused: bool


@row
class AudienceChange:
    """One guest's change in one audience, as published."""

    guest_id: UUID
    segment: str
    version: int
    entered: bool
    initial: bool
    at: datetime
    zone: str
    because: dict[str, Any]


@row
class StayState:
    """One stay's present state, as published."""

    stay_id: UUID
    version: int
    guest_id: UUID
    property: str
    zone: str
    reservation: str
    status: str
    booked_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    ended_at: datetime | None
    arrival: date
    departure: date
    room_type: str = ""
    rate_plan: str = ""
    channel: str = ""

    def reached_at(self, status: str) -> datetime | None:
        if status == "booked":
            return self.booked_at
        if status == "checked_in":
            return self.checked_in_at
        return self.checked_out_at if status == "checked_out" else self.ended_at


@row
class Entrance:
    """Somebody at the door of a journey. `plan` is the version of what brought the guest; the greater one counts."""

    live: Live
    guest_id: UUID
    occurrence: str
    plan: int
    at: datetime
    start: datetime  # where the steps are counted from
    zone: str
    property: str | None
    stay_id: UUID | None
    data: dict[str, Any]


class Told(Protocol):
    """What happened once, and is told as it is: no later version of it comes."""

    @property
    def guest_id(self) -> UUID: ...
    @property
    def zone(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def at_once(
    live: Live,
    told: Told,
    occurrence: str,
    data: dict[str, Any],
    *,
    property: str | None = None,
    stay_id: UUID | None = None,
) -> Entrance:
    """The entrance of whom it happened to, there and then."""
    return Entrance(live, told.guest_id, occurrence, 1, told.at, told.at, told.zone, property, stay_id, data)


def by_audience(live: Live, change: AudienceChange) -> Entrance | None:
    """The entrance a change of audience makes; None where it makes none.

    Raises KeyError where `because` lacks what the occurrence is made of.
    """
    entry = live.journey.entry
    if not isinstance(entry, AudienceEntry | DateEntry) or change.initial or not counts(live, change.at, change.zone):
        return None
    if cause_of(change.because) == UNMERGED:  # they had been inside before they were merged
        return None
    if isinstance(entry, DateEntry):
        return _by_date(live, entry, change) if change.entered else None
    return _by_crossing(live, entry, change) if change.entered == entry.entered else None


def _by_date(live: Live, entry: DateEntry, change: AudienceChange) -> Entrance:
    day = kept_on(entry, date.fromisoformat(change.because[entry.date]), change.because)
    start = start_of(entry, day, change.zone)
    data = {"cause": cause_of(change.because), entry.date: day.isoformat()}
    once = entry.is_own and bool(change.because.get("once"))
    if entry.is_own and not once:
        data[KEPT] = day.isoformat()
    return Entrance(
        live=live,
        guest_id=change.guest_id,
        occurrence=f"{entry.date}:{day.isoformat() if once else day.year}",
        plan=change.version,
        at=change.at,
        start=start,
        zone=change.zone,
        property=None,
        stay_id=None,
        data=data,
    )


def kept_on(entry: DateEntry, day: date, because: dict[str, Any]) -> date:
    """The day itself; of 29 February in another year 28 February, as it was told, or the day after."""
    told = "leap" if entry.is_own else "born"
    if entry.leap_day is LeapDay.MARCH and because.get(told) == "02-29" and (day.month, day.day) == (2, 28):
        return day + timedelta(days=1)
    return day


def _by_crossing(live: Live, entry: AudienceEntry, change: AudienceChange) -> Entrance:
    occurrence, data = f"{Occurrence.ENTRY}:{change.version}", {"cause": cause_of(change.because)}
    stay = change.because.get("last_stay")
    if entry.occurrence is Occurrence.LAPSE:
        stay = change.because["last_stay"]
        occurrence, data["reservation"] = f"{Occurrence.LAPSE}:{stay['reservation']}", stay["reservation"]
    return Entrance(
        live=live,
        guest_id=change.guest_id,
        occurrence=occurrence,
        plan=change.version,
        at=change.at,
        start=change.at,
        zone=change.zone,
        property=stay["property"] if stay else None,
        stay_id=UUID(stay["stay_id"]) if stay else None,
        data=data,
    )


def by_letting_in(
    live: Live, guest_id: UUID, version: int, zone: str, because: dict[str, Any], at: datetime
) -> Entrance | None:
    """The entrance at `at` of one who was inside before the launch; None where it is not known of which lapse it is."""
    entry = live.journey.entry
    if not isinstance(entry, AudienceEntry) or (entry.occurrence is Occurrence.LAPSE and "last_stay" not in because):
        return None
    change = AudienceChange(guest_id, entry.audience, version, True, True, at, zone, because)
    return _by_crossing(live, entry, change)


def by_stay(live: Live, stay: StayState) -> Entrance | None:
    """The entrance a stay's present state makes: it stands where the journey's entry wants it."""
    entry = live.journey.entry
    if not isinstance(entry, StayEntry) or stay.status not in STANDS_WHILE[entry.status]:
        return None
    if not fits(entry, stay):
        return None
    at = stay.reached_at(entry.status)
    if at is None or not counts(live, at, stay.zone):
        return None
    data = {"cause": f"stay.{entry.status}", "reservation": stay.reservation}
    if live.journey.waits_for_dates:
        data |= dates_told(stay)
    return of_stay(live, stay, at, data)


def fits(entry: StayEntry | StayDateEntry, stay: StayState) -> bool:
    """Whether it is a stay that the entry is for."""
    return entry.hotel in (None, stay.property) and entry.stays.hold(
        nights=(stay.departure - stay.arrival).days,
        ahead=(stay.arrival - local_date(stay.booked_at, stay.zone)).days,
        room_type=stay.room_type,
        rate=stay.rate_plan,
        channel=stay.channel,
    )


def of_stay(live: Live, stay: StayState, at: datetime, data: dict[str, Any]) -> Entrance:
    """The entrance of whoever has the stay, once a stay."""
    return Entrance(
        live=live,
        guest_id=stay.guest_id,
        occurrence=f"{Occurrence.STAY}:{stay.reservation}",
        plan=stay.version,
        at=at,
        start=at,
        zone=stay.zone,
        property=stay.property,
        stay_id=stay.stay_id,
        data=data,
    )


def days_of(stay: StayState) -> dict[Anchor, date]:
    """Its dates by anchor. A guest who has left has left, whenever they were to."""
    left = local_date(stay.checked_out_at, stay.zone) if stay.checked_out_at else stay.departure
    return {Anchor.ARRIVAL: stay.arrival, Anchor.DEPARTURE: left}


def dates_told(stay: StayState) -> dict[str, str]:
    """As an enrolment keeps them."""
    return {anchor.value: day.isoformat() for anchor, day in days_of(stay).items()}


def cause_of(because: dict[str, Any]) -> str:
    """`time`, `stay.cancelled`, `guest.changed`, …: what a branch may ask of an enrolment as its `cause`."""
    return str(because.get("what") or because.get("kind"))


def counts(live: Live, at: datetime, zone: str) -> bool:
    """Whether an entry of that instant is late enough: launch starts from now, or from the local day it was given."""
    if live.entries_from is None:
        return at >= live.launched_at
    return local_date(at, zone) >= live.entries_from
