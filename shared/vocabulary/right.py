"""Rights that a guest has claimed, and that stand until they are lifted."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Right(Term):
    """An objection ends offers on every channel and address, those to come included; a restriction, every use of the
    data but for a stay under way or booked.
    """

    OBJECTS_TO_MARKETING = "objects_to_marketing", N_("objects to offers"), "bad", "stop"
    OBJECTS_TO_PROFILING = "objects_to_profiling", N_("objects to being chosen by what is known"), "bad", "stop"
    RESTRICTED = "restricted", N_("data restricted"), "bad", "stop"
