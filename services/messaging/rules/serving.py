"""Which of the house's senders serve just now, and which rest: what a claim chooses from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.messaging.rules.senders import HouseSender, Tiers, tiers_of

Place = tuple[str, str | None, str | None, str | None]  # channel, hotel, brand, country


@dataclass(frozen=True)
class Serving:
    """`senders`: those that really send, of every channel. `resting`: until when one that failed rests."""

    senders: tuple[HouseSender, ...] = ()
    resting: Mapping[UUID, datetime] = field(default_factory=dict)
    _tiers: dict[Place, Tiers] = field(default_factory=dict, compare=False, repr=False)

    def tiers(self, place: Place) -> Tiers:
        """Worked out once a place."""
        if place not in self._tiers:
            self._tiers[place] = tiers_of(self.senders, *place)
        return self._tiers[place]

    def is_awake(self, sender: HouseSender, at: datetime) -> bool:
        until = self.resting.get(sender.sender_id)
        return until is None or until <= at

    def may_go_elsewhere(self, tiers: Tiers, but: Collection[UUID], at: datetime) -> bool:
        """Whether another than these might take it now."""
        return any(self.is_awake(one, at) and one.sender_id not in but for tier in tiers for one in tier)


NOBODY = Serving()
