"""What a stay is now, and what can become of it."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class StayStatus(Term):
    BOOKED = "booked", N_("booked")
    CANCELLED = "cancelled", N_("cancelled")
    NO_SHOW = "no_show", N_("no-show")
    CHECKED_IN = "checked_in", N_("in house")
    CHECKED_OUT = "checked_out", N_("checked out")


class StayTurn(Term):
    """What happens to a stay; `stay.<turn>.v1` is published for each."""

    BOOKED = "booked", N_("booked")
    CHANGED = "changed", N_("changed")
    CANCELLED = "cancelled", N_("cancelled")
    CHECKED_IN = "checked_in", N_("checked in")
    CHECKED_OUT = "checked_out", N_("checked out")
    NO_SHOW = "no_show", N_("no-show")
    REINSTATED = "reinstated", N_("reinstated")

    @property
    def event(self) -> str:
        return f"stay.{self}.v1"
