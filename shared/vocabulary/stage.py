"""How far a guest has come with the house."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Stage(Term):
    """By the key of its segment; in the order in which guests usually go through them."""

    ACQUIRED = "stage-acquired", N_("acquired")
    CONVERTED = "stage-converted", N_("converted")
    RETAINED = "stage-retained", N_("retained")
    LOYAL = "stage-loyal", N_("loyal"), "good"
    REFERRING = "stage-referring", N_("referring"), "good"
    LAPSING = "stage-lapsing", N_("lapsing"), "look"
    LOST = "stage-lost", N_("lost"), "bad"
