"""What a guest allows on one channel for one purpose."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.term import N_, Term


class ClaimedConsent(Term):
    """What a source said of it, as its mapping reads it."""

    EXPRESS = "express", N_("agreed"), "good"
    EXISTING_CUSTOMER = "existing_customer", N_("existing customer")
    UNKNOWN = "unknown", N_("not known, so not used")
    NEVER_ASKED = "never_asked", N_("never asked")
    REFUSED = "refused", N_("refused"), "bad"


class ConsentState(Term):
    """As the ledger has it: a claim, withdrawn by the guest, or one that the guest is asked to confirm."""

    EXPRESS = "express", N_("agreed"), "good"
    EXISTING_CUSTOMER = "existing_customer", N_("existing customer")
    UNKNOWN = "unknown", N_("not known, so not used")
    NEVER_ASKED = "never_asked", N_("never asked")
    REFUSED = "refused", N_("refused"), "bad"
    WITHDRAWN = "withdrawn", N_("withdrawn"), "bad"
    PENDING = "pending", N_("asked to confirm"), "look"


Confirmed = Mapping[str, Collection[str]]
"""By channel the countries where a consent to offers counts only once it is confirmed by a link."""


def confirmed_in(by_address: Collection[str], by_number: Collection[str]) -> Confirmed:
    kinds = {ContactKind.ADDRESS: by_address, ContactKind.NUMBER: by_number}
    return {channel: kinds[channel.contact] for channel in Channel}


def must_be_confirmed(channel: str, purpose: str, countries: Confirmed, *where: str | None) -> bool:
    """Whether a consent counts only once it is confirmed by a link: `where` the guest or their hotel is."""
    asked = countries.get(channel, ())
    return purpose == "marketing" and any(country in asked for country in where)
