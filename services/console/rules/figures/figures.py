"""Key figures made of what was counted. A figure of nobody is none: it is never nought because nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.console.rules.figures.definitions import DEFINITIONS, Definition, Unit

Counted = Mapping[str, Any]
A_YEAR = 360  # days; a year is as long or longer
LEAST_TO_TELL = 30
"""Of fewer a share moves by several points with a single guest: too few to tell."""


@dataclass(frozen=True)
class Figure:
    """`part` over `whole`, where both are known. `why`: why it is not known, as a code."""

    definition: Definition
    part: Decimal | None
    whole: int | None
    currency: str | None = None
    why: str = ""

    @property
    def value(self) -> Decimal | None:
        return None if self.part is None or not self.whole else self.part / self.whole

    @property
    def is_firm(self) -> bool:
        return self.whole is not None and self.whole >= LEAST_TO_TELL

    def reaches(self, target: Decimal | None, days: int) -> bool | None:
        """Whether the target is met; None where there is none, too few to tell, or too few `days` for what the target
        means: guests who come back within a month are few in every hotel."""
        if self.definition.of_a_year and days < A_YEAR:
            return None
        if target is None or self.value is None or not self.is_firm or self.definition.rises is None:
            return None
        return self.value >= target if self.definition.rises else self.value <= target


@dataclass(frozen=True)
class Cost:
    """Of messages; `why` it is not known, as a code. Of no message it is nought, in no currency."""

    amount: Decimal | None
    currency: str | None
    why: str = ""


@dataclass(frozen=True)
class Sources:
    """What the services counted of one window; None where one does not answer, or cannot tell by this cut.

    `guests`: as segments counts them. `stays`: console's sums. `answers`: feedback's. `won`: bookings, from campaigns.
    `cost`: of messages, None where it cannot be told by this cut. `is_awaited`: campaigns counts what was won for the
    first time.
    """

    guests: Counted | None
    stays: Counted | None
    answers: Counted | None
    won: int | None
    cost: Cost | None
    is_awaited: bool = False


NOBODY: Counted = dict.fromkeys(
    ("guests", "before", "retained", "known", "again", "complained", "email", "sms", "whatsapp", "stays", "spend"), 0
)
"""What segments counts where nobody was there."""
OF_GUESTS = {
    "retention": ("retained", "before"),
    "retention_by_numbers": ("known", "before"),
    "repurchase": ("again", "guests"),
    "spend": ("spend", "guests"),
    "complaints": ("complained", "guests"),
    "reach_email": ("email", "guests"),
    "reach_sms": ("sms", "guests"),
    "reach_whatsapp": ("whatsapp", "guests"),
}
OF_STAYS = {
    "direct": ("direct", "of_known_channel"),
    "lead": ("lead_days", "bookings"),
    "length": ("nights", "stays"),
    "cancellation": ("cancelled", "arrivals"),
}
OF_ANSWERS = {"nps": ("net", "answers"), "response": ("hours", "responded")}


def figures_of(sources: Sources) -> list[Figure]:
    """All of them, in order."""
    return [_figure(one, sources) for one in DEFINITIONS]


@dataclass(frozen=True)
class Sent:
    """Messages by a channel, and what they cost in a currency; without one where no price was known."""

    channel: str
    currency: str
    messages: int
    cost: Decimal


def cost_of(sent: Sequence[Sent], former: Mapping[str, Decimal], former_currency: str) -> Cost:
    """What messages cost at the prices that stood as they went; where none was known, at those that the house had
    entered for its key figures `former`ly, by channel. Not known where one of them has neither, and where they were
    paid in several currencies, which are never added."""
    if any(not one.currency and one.channel not in former for one in sent):
        return Cost(None, None, "no_price")
    paid_in = {one.currency or former_currency for one in sent}
    if len(paid_in) > 1:
        return Cost(None, None, "currencies")
    amounts = (one.cost if one.currency else former[one.channel] * one.messages for one in sent)
    return Cost(sum(amounts, Decimal(0)), next(iter(paid_in), None))


def _figure(definition: Definition, sources: Sources) -> Figure:
    key = definition.key
    if key in OF_GUESTS:
        currency = sources.guests.get("currency") or None if sources.guests and definition.unit is Unit.MONEY else None
        return _of(definition, sources.guests, OF_GUESTS[key], currency)
    if key in OF_STAYS:
        return _of(definition, sources.stays, OF_STAYS[key])
    if key in OF_ANSWERS:
        return _of(definition, sources.answers, OF_ANSWERS[key])
    cost = sources.cost
    if cost is None or cost.amount is None:
        return Figure(definition, None, sources.won, None, cost.why if cost else "silent")
    why = "" if sources.won is not None else "awaited" if sources.is_awaited else "silent"
    return Figure(definition, cost.amount, sources.won, cost.currency, why)


def _of(definition: Definition, counted: Counted | None, names: tuple[str, str], currency: str | None = None) -> Figure:
    if counted is None:
        return Figure(definition, None, None, currency, "silent")
    part, whole = (counted[name] for name in names)
    return Figure(definition, Decimal(str(part)), int(whole), currency)
