"""What messages brought, told apart by journey or by channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from services.campaigns.rules.results import Group, Lift, lift_over
from shared.rows import row


@row
class Paid:
    """Messages of a journey that went by a channel, and what they cost in a currency; without one those of which no
    price was known."""

    journey: str
    channel: str
    currency: str
    messages: int
    cost: Decimal


@row
class Clicked:
    """Stays booked after the last, or else after the first click on a message; `unknown`: of no known revenue."""

    is_first: bool
    journey: str
    channel: str
    currency: str
    stays: int
    unknown: int
    revenue: Decimal


@row
class Compared:
    """Guests of a journey who were written to and its control group, with those of each who booked."""

    journey: str
    written: Group
    control: Group


@row
class Returns:
    paid: list[Paid]
    clicked: list[Clicked]
    compared: list[Compared]


@dataclass
class Click:
    """Stays booked after a click; `unknown`: of no known revenue, in no sum."""

    stays: int = 0
    unknown: int = 0
    earned: dict[str, Decimal] = field(default_factory=dict)

    def add(self, one: Clicked) -> None:
        self.stays += one.stays
        self.unknown += one.unknown
        if one.revenue:
            self.earned[one.currency] = self.earned.get(one.currency, Decimal(0)) + one.revenue


@dataclass
class Return:
    """Of one journey or channel (`key`; empty: the channel is not known). `spent`, `priced`: what messages cost and how
    many they were, by currency; `unpriced`: those whose price nobody had said. `compared`: written to and control
    group, journey by journey."""

    key: str
    messages: int = 0
    unpriced: int = 0
    spent: dict[str, Decimal] = field(default_factory=dict)
    priced: dict[str, int] = field(default_factory=dict)
    last: Click = field(default_factory=Click)
    first: Click = field(default_factory=Click)
    compared: list[tuple[Group, Group]] = field(default_factory=list)

    @property
    def written(self) -> Group:
        return together(written for written, _ in self.compared)

    @property
    def control(self) -> Group:
        return together(control for _, control in self.compared)

    @property
    def lift(self) -> Lift | None:
        return lift_over(self.compared)

    @property
    def returned(self) -> list[tuple[str, Decimal]]:
        """By currency, what stays after a last click came to for each unit that messages cost."""
        both = (currency for currency, cost in self.spent.items() if cost > 0 and currency in self.last.earned)
        return [(currency, self.last.earned[currency] / self.spent[currency]) for currency in both]

    def pay(self, one: Paid) -> None:
        self.messages += one.messages
        if one.currency:
            self.spent[one.currency] = self.spent.get(one.currency, Decimal(0)) + one.cost
            self.priced[one.currency] = self.priced.get(one.currency, 0) + one.messages
        else:
            self.unpriced += one.messages


def together(groups: Iterable[Group]) -> Group:
    found = list(groups)
    return Group(sum(one.guests for one in found), sum(one.booked for one in found))


def by_journey(found: Returns) -> list[Return]:
    """The one with most messages first."""
    return _told_apart(found, ((one.journey, one) for one in found.compared), lambda one: one.journey)


def by_channel(found: Returns) -> list[Return]:
    """A channel is held against the control groups of the journeys that wrote by this channel alone: whoever was kept
    out of one with several would have been written to by any of them."""
    used: dict[str, set[str]] = {}
    for one in found.paid:
        used.setdefault(one.journey, set()).add(one.channel)
    alone = ((next(iter(used[one.journey])), one) for one in found.compared if len(used.get(one.journey, ())) == 1)
    return _told_apart(found, alone, lambda one: one.channel)


def _told_apart(
    counted: Returns,
    held: Iterable[tuple[str, Compared]],
    key_of: Callable[[Paid | Clicked], str],
) -> list[Return]:
    found: dict[str, Return] = {}

    def of(key: str) -> Return:
        return found.setdefault(key, Return(key))

    for one in counted.paid:
        of(key_of(one)).pay(one)
    for each in counted.clicked:
        line = of(key_of(each))
        (line.first if each.is_first else line.last).add(each)
    for key, groups in held:
        of(key).compared.append((groups.written, groups.control))
    return sorted(found.values(), key=lambda line: (-line.messages, line.key))
