"""From rows to what the gate looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messaging.rules.facts import REFUSED, Consent, Contact, Guest, Point, Property, Reached, Stay
from services.messaging.store.limits.offer_limits import OfferLimit
from services.messaging.store.sending.gate_rows import NOTHING, Few, GuestRow

NOBODYS: frozenset[str] = frozenset()
OF_A_PROPERTY = tuple(one.name for one in fields(Property) if one.name != "heard_at")


def guest_of(row: GuestRow, stays: Sequence[Stay] = (), few: Few = NOTHING, limit: OfferLimit | None = None) -> Guest:
    """`few`: what few guests have, of this one."""
    wish = few.get("wish")
    refused = {(channel, point) for channel, point in few.get("refused", ())}
    return Guest(
        guest_id=row.guest_id,
        known=row.known,
        gone=row.gone,
        do_not_contact=row.do_not_contact,
        rights=frozenset(row.rights),
        title=row.title,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        language=wish[0][0] if wish else row.language,
        country=row.country,
        home_zone=row.home_zone,
        home_property=row.home_property,
        tier=row.tier,
        loyalty_points=row.loyalty_points,
        own_dates=row.own_dates or {},
        segments=frozenset(segment for (segment,) in few["segment"]) if "segment" in few else NOBODYS,
        points=tuple(
            Point(channel, point, address, REFUSED if (channel, point) in refused else kind, _uuid(stay_id))
            for channel, point, address, kind, stay_id in row.points or ()
        ),
        stays=tuple(stays),
        consents={
            (channel, purpose): Consent(state, date.fromisoformat(expires) if expires else None)
            for channel, purpose, state, expires in row.consents or ()
        },
        complaints=tuple(datetime.fromisoformat(opened) for (opened,) in few.get("complaint", ())),
        surveyed=frozenset((journey, UUID(stay_id)) for journey, stay_id in few.get("surveyed", ())),
        paused_until=limit.paused_until if limit else None,
        once_a_month=limit.once_a_month if limit else False,
        objection_unread="objection" in few,
    )


def contacts_of(few: Iterable[Few]) -> list[Contact]:
    """Each once, though guests of one contact point bring it twice."""
    found = {tuple(contact): None for one in few for contact in one.get("contact", ())}
    return [Contact(kind, key, datetime.fromisoformat(at)) for kind, key, at in found]


def reached_of(few: Iterable[Few]) -> list[Reached]:
    return [
        Reached(journey, point, UUID(guest_id), datetime.fromisoformat(at))
        for one in few
        for journey, point, guest_id, at in one.get("reached", ())
    ]


def property_of(row: dict[str, Any]) -> Property:
    """What it knows of the row: a column of the next version is none of its business."""
    known = {name: row[name] for name in OF_A_PROPERTY if name in row}
    heard_at = row["heard_at"]
    return Property(**known, heard_at=datetime.fromisoformat(heard_at) if heard_at else None)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
