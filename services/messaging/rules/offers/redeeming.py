"""When a code may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.messaging.rules.offers.offer import Offer
from shared.vocabulary.offer import CodeRefusal, OfferKind, OfferState


@dataclass(frozen=True)
class Use:
    """A use of a code before this one."""

    number: int
    hotel: str
    on: date
    by: str


@dataclass(frozen=True)
class CodeFound:
    """`is_taken`: it was given to somebody; always, of a word. `last`: the last use of it."""

    code: str
    shown: str
    offer: Offer
    is_taken: bool
    last: Use | None


def refusal(found: CodeFound, hotel: str, on: date) -> CodeRefusal | None:
    """Why the code is not used in that hotel on that day of the hotel's; None where it may be."""
    offer = found.offer
    if offer.state is OfferState.DRAFT or (offer.state is OfferState.STOPPED and not found.is_taken):
        return CodeRefusal.NOT_LIVE
    if not offer.holds_in(hotel):
        return CodeRefusal.OTHER_HOTEL
    if offer.begins_on and on < offer.begins_on:
        return CodeRefusal.NOT_YET
    if offer.ends_on and on > offer.ends_on:
        return CodeRefusal.EXPIRED
    if not found.is_taken:
        return CodeRefusal.NOT_GIVEN
    used = found.last.number if found.last else 0
    if offer.kind is OfferKind.UNIQUE and used:
        return CodeRefusal.USED
    if offer.kind is OfferKind.REFERRAL and used >= offer.uses:
        return CodeRefusal.USED_UP
    return None
