"""What a message is for, and what a guest may allow or refuse."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Purpose(Term):
    """Of a message."""

    MARKETING = "marketing", N_("offers")
    FEEDBACK = "feedback", N_("questions about a stay")
    STAY_SERVICE = "stay_service", N_("about your stay")


class ConsentPurpose(Term):
    """Of an entry in the consent ledger: a message's purpose, or being chosen for by what is known of the guest.

    Where `PROFILING` is withdrawn, the guest receives only what is meant for everyone.
    """

    MARKETING = "marketing", N_("offers")
    FEEDBACK = "feedback", N_("questions about a stay")
    STAY_SERVICE = "stay_service", N_("about your stay")
    PROFILING = "profiling", N_("offers chosen for this guest")
