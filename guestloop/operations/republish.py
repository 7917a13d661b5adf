"""Publish again: each owner's present state by name, or the recent messages of all as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from guestloop.composition.services import Group
from services.campaigns.queries.deeds_again import tags_again, tasks_again, tiers_again
from services.campaigns.queries.present_state import entrances, launches, open_requests, withdrawals
from services.console.queries.present_state import access_again, properties_again, sessions_again, terms_again
from services.feedback.queries.present_state import all_answers, all_understood
from services.messaging.queries.present_state import (
    all_bounces,
    all_complaints,
    all_deliveries,
    all_receivers,
    all_sender_days,
)
from services.segments.queries.present_state import (
    all_attributions,
    all_erasures,
    all_feeds,
    all_guests,
    all_kept_stays,
    all_stays,
)
from shared.bus.republish import Source, republish
from shared.errors import InputError

SUBJECTS: Mapping[str, tuple[str, Source]] = {
    "guests": ("segments", all_guests),
    "stays": ("segments", all_stays),
    "erasures": ("segments", all_erasures),
    "attributions": ("segments", all_attributions),
    "feeds": ("segments", all_feeds),
    "deliveries": ("messaging", all_deliveries),
    "bounces": ("messaging", all_bounces),
    "complaints": ("messaging", all_complaints),
    "senders": ("messaging", all_receivers),
    "sender-days": ("messaging", all_sender_days),
    "requests": ("campaigns", open_requests),
    "withdrawals": ("campaigns", withdrawals),
    "launches": ("campaigns", launches),
    "entrances": ("campaigns", entrances),
    "tasks": ("campaigns", tasks_again),
    "tags": ("campaigns", tags_again),
    "tiers": ("campaigns", tiers_again),
    "answers": ("feedback", all_answers),
    "understood": ("feedback", all_understood),
    "properties": ("console", properties_again),
    "access": ("console", access_again),
    "sessions": ("console", sessions_again),
    "terms": ("console", terms_again),
}
"""By name: the owner, and where its present state comes from."""
BESIDE: Mapping[str, Source] = {"stays": all_kept_stays}
"""What belongs to a subject and is told by another event: stays of erased guests, without a guest."""


def republish_subject(group: Group, subject: str, at: datetime) -> int:
    """How many were published. Raises `InputError` for an unknown subject."""
    if subject not in SUBJECTS:
        raise InputError(f"{subject!r} cannot be published again; there are {', '.join(SUBJECTS)}")
    owner, source = SUBJECTS[subject]
    told = republish(group.database(owner), source, at)
    return told + republish(group.database(owner), BESIDE[subject], at) if subject in BESIDE else told


def resend_since(group: Group, since: datetime) -> int:
    """Publish the messages since then once more, for a broker that lost what it had confirmed. A subscriber
    that has handled one drops it. How many messages there are."""
    sent = 0
    for service in group.services:
        with group.database(service).transaction() as tx:
            sent += tx.execute("update outbox set published_at = null where published_at >= %s", [since]).rowcount
    return sent
