"""What a guest allows on one channel for one purpose."""

from __future__ import annotations

from collections.abc import Collection

from shared.vocabulary.term import N_, Term


class ClaimedConsent(Term):
    """What a source said of it, as its mapping reads it."""

    EXPRESS = "express", N_("agreed"), "good"
    EXISTING_CUSTOMER = "existing_customer", N_("existing customer")
    UNKNOWN = "unknown", N_("not known, so not used")
    NEVER_ASKED = "never_asked", N_("never asked")
    REFUSED = "refused", N_("refused"), "bad"


PROVES_NOTHING = frozenset({ClaimedConsent.UNKNOWN, ClaimedConsent.NEVER_ASKED})


class ConsentState(Term):
    """As the ledger has it: a claim, withdrawn by the guest, or one that the guest is asked to confirm."""

    EXPRESS = "express", N_("agreed"), "good"
    EXISTING_CUSTOMER = "existing_customer", N_("existing customer")
    UNKNOWN = "unknown", N_("not known, so not used")
    NEVER_ASKED = "never_asked", N_("never asked")
    REFUSED = "refused", N_("refused"), "bad"
    WITHDRAWN = "withdrawn", N_("withdrawn"), "bad"
    PENDING = "pending", N_("asked to confirm"), "look"


def must_be_confirmed(channel: str, purpose: str, countries: Collection[str], *where: str | None) -> bool:
    """Whether an e-mail consent to offers counts only once it is confirmed by a link: `where` the guest or their hotel
    is.
    """
    return channel == "email" and purpose == "marketing" and any(country in countries for country in where)
