"""Companies and channels in order of what they bring, each currency apart, against a year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.segments.rules.companies import is_number
from shared.vocabulary.currency_signs import could_be
from shared.vocabulary.term import N_, Term


class Order(Term):
    """By what partners are ranked."""

    NIGHTS = "nights", N_("Nights")
    STAYS = "stays", N_("Stays")
    REVENUE = "revenue", N_("Revenue")


@dataclass(frozen=True)
class Part:
    """Of one partner (empty: none), hotel and currency as stated (empty: the hotel's). `named_at`: the hotel that
    named a company first. `priced`: stays of which a revenue is known."""

    value: str
    name: str
    named_at: str
    property: str
    currency: str
    stays: int
    nights: int
    priced: int
    revenue: Decimal
    stays_before: int = 0
    nights_before: int = 0
    priced_before: int = 0
    revenue_before: Decimal = Decimal(0)


@dataclass(frozen=True)
class Earned:
    """In one currency; `before`: a year before. None: of no stay a revenue is known."""

    currency: str
    stays: int
    now: Decimal | None
    before: Decimal | None


@dataclass(frozen=True)
class Partner:
    """`named_at`: the hotel that tells it from others, where its name alone does not."""

    value: str
    name: str
    named_at: str
    stays: int
    nights: int
    stays_before: int
    nights_before: int
    earned: Sequence[Earned]

    @property
    def is_new(self) -> bool:
        return bool(self.stays) and not self.stays_before

    @property
    def is_lost(self) -> bool:
        return bool(self.stays_before) and not self.stays

    def in_currency(self, currency: str) -> Decimal:
        return next((one.now or Decimal(0) for one in self.earned if one.currency == currency), Decimal(0))


def partners_of(parts: Iterable[Part], hotels: Mapping[str, str]) -> list[Partner]:
    """Each once. `hotels`: each one's currency."""
    of_value: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        of_value[part.value].append(part)
    names = Counter(theirs[0].name for theirs in of_value.values())
    return [_partner(theirs, hotels, alone=names[theirs[0].name] == 1) for theirs in of_value.values()]


def ranked(partners: Iterable[Partner], order: Order) -> list[Partner]:
    """The greatest first; lost ones by what they brought a year before. Revenue counts in the currency of most stays,
    then in the others: currencies are not added."""
    found = list(partners)
    priced: Counter[str] = Counter()
    for one in found:
        priced.update({each.currency: each.stays for each in one.earned})
    leading = [currency for currency, _ in sorted(priced.items(), key=lambda of: (-of[1], of[0]))]

    def place(one: Partner) -> tuple[object, ...]:
        rest = (-one.nights, -one.stays, -one.nights_before, one.name.casefold(), one.value)
        match order:
            case Order.NIGHTS:
                return rest
            case Order.STAYS:
                return (-one.stays, *rest)
            case Order.REVENUE:
                return (*(-one.in_currency(currency) for currency in leading), *rest)

    return sorted(found, key=place)


def _partner(parts: Sequence[Part], hotels: Mapping[str, str], *, alone: bool) -> Partner:
    first = parts[0]
    sums = {
        name: sum(getattr(part, name) for part in parts)
        for name in ("stays", "nights", "stays_before", "nights_before")
    }
    is_plain = not first.named_at or (alone and not is_number(first.name))
    return Partner(first.value, first.name, "" if is_plain else first.named_at, earned=_earned(parts, hotels), **sums)


def _earned(parts: Sequence[Part], hotels: Mapping[str, str]) -> list[Earned]:
    """The currency of most stays first."""
    sums: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        hotel = hotels.get(part.property, "")
        sums[hotel if not part.currency or hotel in could_be(part.currency) else part.currency].append(part)
    found = [
        Earned(
            currency,
            stays := sum(part.priced for part in theirs),
            sum((part.revenue for part in theirs), Decimal(0)) if stays else None,
            sum((part.revenue_before for part in theirs), Decimal(0))
            if any(part.priced_before for part in theirs)
            else None,
        )
        for currency, theirs in sums.items()
    ]
    known = [one for one in found if one.now is not None or one.before is not None]
    return sorted(known, key=lambda one: (-one.stays, one.currency))
