"""The events of guests whom an intake created: all that is known of them is in it, nothing is read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from services.segments.commands.reservations.intake import Intake
from services.segments.facts.families.lunar import lunar_md
from services.segments.rules.house_dates import HouseDate, own_date
from services.segments.rules.people.guests import Guest
from services.segments.store.guests.dates import GuestDate
from services.segments.store.guests.points import Claim, GuestPoint
from shared.events.contact import ConsentClaim, ContactPoint
from shared.events.segments.guests import GuestChanged, OwnDate
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointClass

Entry = TypeVar("Entry", GuestPoint, Claim, GuestDate)
BEST_FIRST = {kind: place for place, kind in enumerate(PointClass)}


def states_of_new(intake: Intake, dates: Mapping[str, HouseDate], at: datetime) -> list[GuestChanged]:
    """`dates`: the house's own that are in use, by key."""
    points = _by_guest(intake, intake.guest_points.values())
    claims = _by_guest(intake, intake.claims.values())
    days = _by_guest(intake, intake.days.values())
    return [
        _state(
            intake.guests[id],
            sorted(intake.tags.get(id, ())),
            _points(intake, points.get(id, ())),
            _claims(claims.get(id, ())),
            _own_dates(dates, days.get(id, ())),
            at,
        )
        for id in intake.new_guests
    ]


def _by_guest(intake: Intake, entries: Iterable[Entry]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = {}
    for one in entries:
        if one.guest_id in intake.new_guests:
            found.setdefault(one.guest_id, []).append(one)
    return found


def _state(
    guest: Guest,
    tags: list[str],
    points: list[ContactPoint],
    consents: list[ConsentClaim],
    own_dates: list[OwnDate],
    at: datetime,
) -> GuestChanged:
    return GuestChanged(
        guest_id=guest.id,
        version=guest.version,
        title=guest.title,
        given_name=guest.given_name,
        family_name=guest.family_name,
        birth_date=guest.birth_date,
        language=guest.language or "en",
        country=guest.country,
        home_zone=guest.home_zone,
        home_property=guest.home_property,
        tier=guest.tier,
        tags=tags,
        points=points,
        consents=consents,
        do_not_contact=None,
        occurred_at=at,
        own_dates=own_dates,
    )


def _own_dates(dates: Mapping[str, HouseDate], entries: Iterable[GuestDate]) -> list[OwnDate]:
    known = sorted((one for one in entries if one.date_key in dates), key=attrgetter("date_key"))
    return [_own_date(dates[one.date_key], one.on_date) for one in known]


def _own_date(one: HouseDate, day: date) -> OwnDate:
    return own_date(one.key, day, one.yearly, lunar_md(day) if one.lunar else None)


def _points(intake: Intake, entries: Sequence[GuestPoint]) -> list[ContactPoint]:
    """In the order in which `queries.guests` reads them: best first within a channel, then the latest."""
    if len(entries) > 1:
        entries = sorted(
            sorted(entries, key=attrgetter("point")), key=attrgetter("said_at", "source_ref"), reverse=True
        )
        entries.sort(key=lambda one: (one.channel, BEST_FIRST[intake.points[one.point].kind]))
    return [
        ContactPoint(
            channel=one.channel,
            point=one.point,
            address=(known := intake.points[one.point]).address,
            kind=known.kind,
            stay_id=one.stay_id,
            forms=known.forms,
        )
        for one in entries
    ]


def _claims(entries: Sequence[Claim]) -> list[ConsentClaim]:
    return [
        ConsentClaim(
            channel=one.channel,
            state=ClaimedConsent(one.state),
            said_at=one.said_at,
            source_ref=one.source_ref,
            expires_on=one.expires_on,
        )
        for one in sorted(entries, key=attrgetter("channel"))
    ]
