"""Whom a person means who asks for a guest's rights: by number, address, phone number or reservation, exactly."""

from __future__ import annotations

from uuid import UUID

from services.segments.rules.people.contact_points import email_point, phone_point
from services.segments.store.guests import erasures as store
from shared.database.pool import Tx


def guests_meant(tx: Tx, text: str) -> list[UUID]:
    """All whom the text names, none where it names nobody. A number of a guest names also one who is erased."""
    try:
        return store.same_guest(tx, UUID(text.strip()))[:1]
    except ValueError:
        pass
    found = set(store.guests_of_reservation(tx, text.strip()))
    for channel, point in (("email", email_point(text)), ("sms", phone_point(text, None))):
        if point is not None:
            found.update(store.guests_on_points(tx, tx.keyring.indexes(channel, point.address)))
    return sorted(found)
