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


class Party(Term):
    """Who stays together, by the adults and children that a reservation names."""

    FAMILY = "family", N_("with children")
    SINGLE = "single", N_("one adult alone")
    COUPLE = "couple", N_("two adults")
    GROUP = "group", N_("three adults or more")

    @classmethod
    def of(cls, adults: int | None, children: int | None) -> Party | None:
        """None where nobody said how many they are."""
        if children:
            return cls.FAMILY
        if not adults:
            return None
        return {1: cls.SINGLE, 2: cls.COUPLE}.get(adults, cls.GROUP)


class Along(Term):
    """Whether somebody comes along, by the numbers or the names of a reservation."""

    ALONE = "alone", N_("the guest alone")
    OTHERS = "others", N_("the guest with others")

    @classmethod
    def of(cls, companions: int | None) -> Along | None:
        if companions is None:
            return None
        return cls.OTHERS if companions else cls.ALONE


class Weekday(Term):
    """A day of the week by its number, Monday first."""

    MONDAY = "1", N_("Monday")
    TUESDAY = "2", N_("Tuesday")
    WEDNESDAY = "3", N_("Wednesday")
    THURSDAY = "4", N_("Thursday")
    FRIDAY = "5", N_("Friday")
    SATURDAY = "6", N_("Saturday")
    SUNDAY = "7", N_("Sunday")
