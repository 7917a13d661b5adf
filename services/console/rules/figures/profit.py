"""What is left of a channel's revenue after its commission and costs. Where one of them is not known, it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.vocabulary.currency_signs import could_be


@dataclass(frozen=True)
class Part:
    """Stays of one channel, hotel and currency as stated (empty: the hotel's) under one kind of cost. `is_said`:
    whether the house entered what the channel costs; `costs`: of stays and nights, in `cost_currency`. `priced`: stays
    of which a revenue is known."""

    channel: str
    property: str
    currency: str
    is_said: bool
    cost_currency: str
    stays: int
    nights: int
    priced: int
    revenue: Decimal
    commission: Decimal
    costs: Decimal


@dataclass(frozen=True)
class Profit:
    """Of a channel (empty: of none that is known) in one currency. `unsaid`: stays for which no cost was entered;
    `foreign`: stays whose costs were entered in another currency."""

    channel: str
    currency: str
    stays: int = 0
    nights: int = 0
    priced: int = 0
    revenue: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)
    unsaid: int = 0
    foreign: int = 0

    @property
    def unpriced(self) -> int:
        return self.stays - self.priced

    @property
    def profit(self) -> Decimal | None:
        """None where a cost is not known, or every stay is without a revenue."""
        if self.unsaid or self.foreign or not self.priced:
            return None
        return self.revenue - self.commission - self.costs


def by_channel(parts: Iterable[Part], hotels: Mapping[str, str]) -> list[Profit]:
    """By currency, in each the channels with most revenue first. `hotels`: each one's currency."""
    found: dict[tuple[str, str], Profit] = {}
    for part in parts:
        hotel = hotels.get(part.property, "")
        currency = hotel if not part.currency or hotel in could_be(part.currency) else part.currency
        key = part.channel, currency
        found[key] = _with(found.get(key, Profit(*key)), part)
    return sorted(found.values(), key=lambda one: (one.currency, -one.revenue, -one.nights, one.channel))


def together(lines: Sequence[Profit]) -> list[Profit]:
    """Of all channels, by currency: never added across them."""
    found: dict[str, Profit] = {}
    for one in lines:
        known = found.get(one.currency, Profit("", one.currency))
        sums = {name: getattr(known, name) + getattr(one, name) for name in SUMS}
        found[one.currency] = replace(known, **sums)
    return sorted(found.values(), key=lambda one: one.currency)


SUMS = ("stays", "nights", "priced", "revenue", "commission", "costs", "unsaid", "foreign")


def _with(known: Profit, part: Part) -> Profit:
    is_foreign = part.is_said and bool(part.costs) and part.cost_currency != known.currency
    return replace(
        known,
        stays=known.stays + part.stays,
        nights=known.nights + part.nights,
        priced=known.priced + part.priced,
        revenue=known.revenue + part.revenue,
        commission=known.commission + part.commission,
        costs=known.costs + (0 if is_foreign else part.costs),
        unsaid=known.unsaid + (0 if part.is_said else part.stays),
        foreign=known.foreign + (part.stays if is_foreign else 0),
    )
