"""A month of the year."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Month(Term):
    """By its number, January first."""

    JANUARY = "1", N_("January")
    FEBRUARY = "2", N_("February")
    MARCH = "3", N_("March")
    APRIL = "4", N_("April")
    MAY = "5", N_("May")
    JUNE = "6", N_("June")
    JULY = "7", N_("July")
    AUGUST = "8", N_("August")
    SEPTEMBER = "9", N_("September")
    OCTOBER = "10", N_("October")
    NOVEMBER = "11", N_("November")
    DECEMBER = "12", N_("December")
