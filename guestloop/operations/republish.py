"""What each owner can say again, by name; and what all of them said of late, as it was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from guestloop.composition.services import Group
from services.campaigns.queries.present_state import launches, open_requests, withdrawals
from services.console.queries.present_state import access_again, properties_again
from services.segments.queries.present_state import all_guests, all_stays
from shared.bus.republish import Source, republish
from shared.errors import InputError

SUBJECTS: Mapping[str, tuple[str, Source]] = {
    "guests": ("segments", all_guests),
    "stays": ("segments", all_stays),
    "requests": ("campaigns", open_requests),
    "withdrawals": ("campaigns", withdrawals),
    "launches": ("campaigns", launches),
    "properties": ("console", properties_again),
    "access": ("console", access_again),
}
"""By name: the owner, and where its present state comes from."""


def say_again(group: Group, subject: str, at: datetime) -> int:
    """How many were said. Raises `InputError` for a subject nobody can say."""
    if subject not in SUBJECTS:
        raise InputError(f"nobody can say {subject!r} again; there are {', '.join(SUBJECTS)}")
    owner, source = SUBJECTS[subject]
    return republish(group.database(owner), source, at)


def send_again(group: Group, since: datetime) -> int:
    """What was published since then goes out once more, for a broker that lost what it had confirmed. Who heard it
    drops it. How many messages that is."""
    sent = 0
    for service in group.services:
        with group.database(service).transaction() as tx:
            sent += tx.execute("update outbox set published_at = null where published_at >= %s", [since]).rowcount
    return sent
