"""The eight classes in the trade's words: what they are called, by both customs, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass

from shared.vocabulary.term import N_


@dataclass(frozen=True)
class Class:
    """`also`: its name in the other custom, where that differs."""

    name: str
    strategy: str
    also: str = ""


CLASSES: dict[str, Class] = {
    "HHH": Class(
        N_("Important, of value"),
        N_("Keep them close: a service of their own, an upgrade without asking, the first invitation to what is new."),
    ),
    "HHL": Class(
        N_("General, of value"),
        N_("They come often and spend little: offer better rooms, packages and what the house sells besides."),
        N_("Important, with potential"),
    ),
    "HLH": Class(
        N_("Important, to develop"),
        N_("They spend well and were here lately, but seldom come: ask what would bring them, and make an offer."),
        N_("Important, to hold"),
    ),
    "HLL": Class(
        N_("General, to develop"),
        N_("New or rare: make the second stay easy, with a word about what they have not seen yet."),
    ),
    "LHH": Class(
        N_("Important, to keep"),
        N_("The best guests are drifting away: call them back in person, with an offer worth the journey."),
        N_("Important, to call back"),
    ),
    "LHL": Class(
        N_("General, to keep"),
        N_("They used to come often: remind them before their usual season."),
    ),
    "LLH": Class(
        N_("Important, to win back"),
        N_("They spent well once: find out why they stayed away, and try one good offer."),
    ),
    "LLL": Class(
        N_("General, to win back"),
        N_("Write seldom and at little cost: news of the house, a season's offer, no more."),
    ),
}
