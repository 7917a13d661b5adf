"""What guests do by themselves, from a link in a message: object, and choose what they would like to get."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from services.messaging.commands.consents.by_staff import object_to
from services.messaging.commands.consents.ledger import record_consent, withdraw_profiling
from services.messaging.commands.consents.proof import proof_of
from services.messaging.queries.guests.way_out import CameFrom
from services.messaging.store.consents.ledger import keep_wish
from services.messaging.store.limits.offer_limits import OfferLimit, home_zone_of, keep_offer_limit, offer_limits
from shared.access.audit import THE_GUEST, record
from shared.database.pool import Tx
from shared.ids import make_id
from shared.localtime import local_date, local_instant, months_later
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import ConsentPurpose, Purpose

PAUSES = ("1", "3", "6")
"""For how many months a guest may want no offers."""


def object_from(tx: Tx, link: CameFrom, *, source: str, at: datetime) -> None:
    """The message's kind ends on its contact point, for everybody there; a second time changes nothing."""
    if link.is_out:
        return
    whose = link.guest_id or make_id("nobody", link.message_id)
    object_to(tx, whose, link.channel, link.purpose, [link.point], source=source, at=at)
    details = {"channel": link.channel, "purpose": link.purpose, "source": source}
    record(tx, THE_GUEST, "consent.withdrawn", f"guest {whose}", details, at)


def prefer(tx: Tx, link: CameFrom, wishes: Mapping[str, str], words: Mapping[str, str], *, at: datetime) -> None:
    """`wishes`: offers, often, pause, surveys, language, those that differ from what is; `words`: what stood beside
    each choice."""
    guest_id = link.guest_id
    if guest_id is None:
        return
    offers, surveys = wishes.get("offers") or link.offers, wishes.get("surveys") or link.surveys
    if offers == "none" != link.offers:
        object_to(tx, guest_id, link.channel, Purpose.MARKETING, [link.point], source="preferences", at=at)
    elif offers != "none" == link.offers:
        _agree(tx, link, guest_id, Purpose.MARKETING, words[offers], at)
    if offers == "everyone" and not link.is_not_profiled:
        withdraw_profiling(tx, guest_id, source="preferences", ref="preferences", at=at)
    elif offers == "me" and link.is_not_profiled:
        for channel in Channel:
            _agree(tx, link, guest_id, ConsentPurpose.PROFILING, words[offers], at, channel)
    if surveys == "no" != link.surveys:
        object_to(tx, guest_id, link.channel, Purpose.FEEDBACK, [link.point], source="preferences", at=at)
    elif surveys == "yes" != link.surveys:
        _agree(tx, link, guest_id, Purpose.FEEDBACK, words["yes"], at)
    if wishes.get("language"):
        keep_wish(tx, guest_id, wishes["language"], at)
    limit = _limit(tx, guest_id, wishes, at)
    details = {
        "offers": offers,
        "surveys": surveys,
        "language": wishes.get("language", ""),
        "paused_until": limit.paused_until.isoformat() if limit.paused_until else "",
        "once_a_month": str(limit.once_a_month).lower(),
    }
    record(tx, THE_GUEST, "preferences.chosen", f"guest {guest_id}", details, at)


def _limit(tx: Tx, guest_id: UUID, wishes: Mapping[str, str], at: datetime) -> OfferLimit:
    """How often the guest wants offers from now on; written down where that is another word than their last."""
    before = offer_limits(tx, [guest_id]).get(guest_id, OfferLimit(guest_id, None, False))
    often, pause = wishes.get("often"), wishes.get("pause")
    until = before.paused_until
    if pause == "no":
        until = None
    elif pause in PAUSES:
        zone = home_zone_of(tx, guest_id)
        until = local_instant(months_later(local_date(at, zone), int(pause)), time(), zone)
    limit = OfferLimit(guest_id, until, often == "monthly" if often else before.once_a_month)
    if limit != before:
        keep_offer_limit(tx, limit, at)
    return limit


def _agree(
    tx: Tx, link: CameFrom, guest_id: UUID, purpose: str, words: str, at: datetime, channel: str | None = None
) -> None:
    proof = proof_of(tx, place="preference page", words=words, by=THE_GUEST)
    ref = f"preference page, message {link.message_id}"
    record_consent(tx, guest_id, channel or link.channel, purpose, said_at=at, source_ref=ref, at=at, proof=proof)
