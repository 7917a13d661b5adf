"""What an entry by a stay's date asks of the stay. What its source does not say agrees with nothing that is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import Strict, Whole, wrong
from services.campaigns.steps.kind import Document

LONGEST_STAY, LONGEST_AHEAD, MOST_NAMED = 365, 730, 40


def _names() -> marsh.List[str]:
    """As sources have them: room types, rates, channels."""
    return marsh.List(marsh.String(validate=validate.Length(1, 100)), validate=validate.Length(1, MOST_NAMED))


class StayConditionsSchema(Strict):
    nights_from = Whole(0, LONGEST_STAY)
    nights_to = Whole(0, LONGEST_STAY)
    booked_ahead = Whole(1, LONGEST_AHEAD)
    room_types = _names()
    rates = _names()
    channels = _names()

    @validates_schema
    def some_stay(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("nights_from", 0) > data.get("nights_to", LONGEST_STAY):
            raise wrong("no_length", "no stay has at least more nights than at most", "nights_to")


@dataclass(frozen=True)
class StayConditions:
    """None and empty ask nothing. Names agree whatever their case."""

    nights_from: int = 0
    nights_to: int = LONGEST_STAY * 10
    booked_ahead: int = 0  # days from the booking to the arrival, at least
    room_types: frozenset[str] = frozenset()
    rates: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Document, /) -> StayConditions:
        return cls(
            nights_from=document.get("nights_from", cls.nights_from),
            nights_to=document.get("nights_to", cls.nights_to),
            booked_ahead=document.get("booked_ahead", cls.booked_ahead),
            room_types=_folded(document.get("room_types", ())),
            rates=_folded(document.get("rates", ())),
            channels=_folded(document.get("channels", ())),
        )

    def hold(self, *, nights: int, ahead: int, room_type: str, rate: str, channel: str) -> bool:
        named = ((self.room_types, room_type), (self.rates, rate), (self.channels, channel))
        return (
            self.nights_from <= nights <= self.nights_to
            and ahead >= self.booked_ahead
            and all(not wanted or one.casefold() in wanted for wanted, one in named)
        )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
