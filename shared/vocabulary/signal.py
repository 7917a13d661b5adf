"""What warnings are raised of: a figure of a hotel, a sender or a system that left its usual course."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Signal(Term):
    COMPLAINTS = "complaints", N_("More complaints than usual")
    NPS = "nps", N_("The NPS has fallen")
    BOUNCES = "bounces", N_("More mail comes back than usual")
    SPAM = "spam", N_("More guests report mail as spam than usual")
    OPT_OUTS = "opt_outs", N_("More guests opt out than usual")
    REACH = "reach", N_("Fewer guests may be written to than usual")
    OCCUPANCY = "occupancy", N_("Lower occupancy on the books than a year before")
    NIGHTS = "nights", N_("Fewer nights on the books than a year before")
    ARRIVALS = "arrivals", N_("Fewer arrivals on the books than a year before")
    UNHEARD = "unheard", N_("No booking has come for longer than usual")
    SENDER = "sender", N_("More of a sender’s mail comes back or is reported than usual")
    FEED = "feed", N_("An import or a system has been silent for longer than usual")


ON_THE_BOOKS = (Signal.OCCUPANCY, Signal.NIGHTS, Signal.ARRIVALS)
"""They are about the same days and make one warning: of the first that lies outside."""
