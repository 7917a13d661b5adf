"""What an objection ends."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class OptOutScope(Term):
    CHANNEL = "channel", N_("Everything on that address or number")
    MARKETING = "marketing", N_("Offers only")
    FEEDBACK = "feedback", N_("Questions about a stay only")
    ALL_MARKETING = "all_marketing", N_("Offers on every channel")
