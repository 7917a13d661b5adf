"""Which offer a message makes: the one of the last step before it that gave any."""

from __future__ import annotations

from collections.abc import Mapping

from services.campaigns.rules.journey import Journey


def offer_at(journey: Journey, place: int, given: Mapping[str, str]) -> str | None:
    """`given`: by step the offer it gave; a step of another version lies before all of this one. A message that is
    planned again makes none that was given after it."""
    before = {journey.places.get(step, -1): offer for step, offer in sorted(given.items())}
    return max(((at, offer) for at, offer in before.items() if at < place), default=(-1, None))[1]
