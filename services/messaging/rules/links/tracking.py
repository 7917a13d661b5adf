"""Whether a guest's links are tracked: a hotel's and a country's choice, and the guest's own objection."""

from __future__ import annotations

from dataclasses import dataclass

from services.messaging.rules.facts import Guest, Property
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.purpose import ConsentPurpose
from shared.vocabulary.right import Right

UNTRACKED = frozenset({Right.OBJECTS_TO_PROFILING, Right.RESTRICTED})
HOTEL, COUNTRY = "property", "country"


@dataclass(frozen=True, slots=True)
class LinkChoices:
    """Where clicks are not counted: kind and key."""

    uncounted: frozenset[tuple[str, str]] = frozenset()

    def count_clicks(self, *, hotel: str | None, countries: tuple[str | None, ...]) -> bool:
        if not self.uncounted:
            return True
        return (HOTEL, hotel) not in self.uncounted and not any((COUNTRY, one) in self.uncounted for one in countries)


def is_tracked_for(guest: Guest, hotel: Property | None, choices: LinkChoices) -> bool:
    """Whoever objected to profiling on one channel meant what is known of them, not the channel."""
    withdrawn = [purpose for (_, purpose), one in guest.consents.items() if one.state == ConsentState.WITHDRAWN]
    if objects(guest.rights) or ConsentPurpose.PROFILING in withdrawn:
        return False
    code = hotel.code if hotel else guest.home_property
    return choices.count_clicks(hotel=code, countries=(guest.country, hotel.country if hotel else None))


def objects(rights: frozenset[str]) -> bool:
    return not UNTRACKED.isdisjoint(rights)
