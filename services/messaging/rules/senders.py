"""Which of the house's senders a message is given to: the most specific that fit, and between several by weight.

The choice is the message's own (its number decides), so that another attempt goes the same way; where one sender rests,
only its messages go another.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from uuid import UUID

from shared.rows import named_row

Tiers = Sequence[Sequence["HouseSender"]]


class SenderState(StrEnum):
    ON = "on"
    PAUSED = "paused"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class WarmUp:
    """`first` messages on the day `since`, every day `percent` more, until a day has `until`."""

    since: date
    first: int
    percent: int
    until: int

    def allows(self, day: date) -> int | None:
        """How many messages on that day; None: it is over, as many as one likes."""
        days = max((day - self.since).days, 0)
        if days * math.log1p(self.percent / 100) > math.log(self.until):
            return None
        allowed = int(self.first * (1 + self.percent / 100) ** days)
        return allowed if allowed < self.until else None


@named_row
class HouseSender:
    """A sender as the house set it up, but for its secret. `hotels`: codes; none with no brand (`legal_entity`): all;
    `countries`: of contact points, none: all. `settings`: of its kind. `rate`: messages a second; 0: no limit.
    """

    sender_id: UUID
    version: int
    channel: str
    kind: str
    name: str
    hotels: list[str]
    legal_entity: str | None
    countries: list[str]
    from_name: str
    from_address: str
    reply_to: str
    settings: dict[str, Any]
    weight: int
    rate: int
    warm_from: date | None
    warm_first: int | None
    warm_percent: int | None
    warm_until: int | None
    state: str
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime

    @property
    def warm_up(self) -> WarmUp | None:
        if self.warm_from is None or self.warm_first is None or self.warm_percent is None or self.warm_until is None:
            return None
        return WarmUp(self.warm_from, self.warm_first, self.warm_percent, self.warm_until)


def tiers_of(
    senders: Iterable[HouseSender], channel: str, hotel: str | None, brand: str | None, country: str | None
) -> Tiers:
    """Those that fit, the most specific first: who names the hotel, then its brand; then who names the country."""
    found: defaultdict[tuple[int, int], list[HouseSender]] = defaultdict(list)
    for sender in senders:
        if sender.channel == channel and sender.state == SenderState.ON and _fits(sender, hotel, brand, country):
            place = 2 if sender.hotels else 1 if sender.legal_entity else 0
            found[place, int(bool(sender.countries))].append(sender)
    return [sorted(found[rank], key=lambda one: one.sender_id) for rank in sorted(found, reverse=True)]


def _fits(sender: HouseSender, hotel: str | None, brand: str | None, country: str | None) -> bool:
    if sender.countries and country not in sender.countries:
        return False
    if sender.hotels:
        return hotel in sender.hotels
    return sender.legal_entity is None or sender.legal_entity == brand


def choose(tiers: Tiers, message_id: UUID, is_ready: Callable[[HouseSender], bool]) -> HouseSender | None:
    """Of the most specific that are ready, the message's own; None where none is ready."""
    for tier in tiers:
        if ready := [sender for sender in tier if is_ready(sender)]:
            return ready[0] if len(ready) == 1 else min(ready, key=lambda sender: _distance(sender, message_id))
    return None


def _distance(sender: HouseSender, message_id: UUID) -> float:
    """Rendezvous hashing: every sender is the nearest of as many messages as its weight says."""
    digest = blake2b(message_id.bytes + sender.sender_id.bytes, digest_size=8).digest()
    return -math.log((int.from_bytes(digest) + 1) / 2**64) / sender.weight
