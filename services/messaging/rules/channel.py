"""What the gate asks of a channel. Each channel answers in its own folder (`channels/<name>/rules.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hours:
    """Permitted hours of a day, `opens` ≤ hour < `closes`; `days`: ISO weekdays; on public holidays or not."""

    opens: time
    closes: time
    days: frozenset[int] = frozenset(range(1, 8))
    on_holidays: bool = True

    def within(self, other: Hours) -> Hours:
        """What both allow."""
        return Hours(
            max(self.opens, other.opens),
            min(self.closes, other.closes),
            self.days & other.days,
            self.on_holidays and other.on_holidays,
        )


AS_SHIPPED: Mapping[str, Hours] = MappingProxyType({})


class HoursOf(Protocol):
    """`changed`: what the house says instead, by country."""

    def __call__(self, purpose: str, country: str | None, changed: Mapping[str, Hours] = ..., /) -> Hours: ...


@dataclass(frozen=True, slots=True)
class ExistingCustomers:
    """Marketing to whoever stayed before and could object: not in `never_in`, and in `expires_in` only until a date."""

    never_in: frozenset[str]
    expires_in: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """`hours`: of a purpose, in the country where the guest is (None: not known).

    `at_property`: purposes that keep the hours where the property is, instead of where the guest is.
    `in_every_zone`: where the guest's country has several zones, the hours hold in all of them.
    `existing_customers`: who may be sent marketing without express consent; None: nobody.
    `surveys_need_consent`: countries of a number where a survey needs express consent to marketing on this channel.
    `tells_country`: a contact point itself tells its country, as a phone number does.
    `rings`: it may wake somebody, which is why an answer too keeps its hours, but for a conversation under way.
    `is_queued`: a carrier may keep a message for later, which is why it is given a time limit.
    `window`: for how long after a guest wrote on it any words may go; other than approved templates none go later.
    """

    hours: HoursOf
    at_property: frozenset[str] = frozenset()
    in_every_zone: bool
    existing_customers: ExistingCustomers | None
    surveys_need_consent: frozenset[str] = frozenset()
    tells_country: bool
    rings: bool
    is_queued: bool
    window: timedelta | None = None
