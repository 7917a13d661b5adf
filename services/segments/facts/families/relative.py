"""What a guest is beside the others of their hotel."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from services.segments.facts.clauses import AmountClause
from services.segments.facts.fact import Fact, Kind, Subject
from services.segments.facts.guest_view import GuestView, Today, last_stay, took_place
from services.segments.facts.sql import Sql
from services.segments.facts.units import PER_CENT
from services.segments.facts.where import Where
from shared.vocabulary.term import N_

CENT, SHARE = Decimal("0.01"), Decimal("0.0001")


def against_average(guest: GuestView, _where: Where, today: Today) -> Decimal | None:
    last = last_stay(guest)
    if last is None or not today.averages.get(last.property):
        return None
    stays = [
        stay
        for stay in took_place(guest.stays)
        if stay.amount_currency == last.amount_currency and (stay.amount is not None or stay.revenue is None)
    ]
    if not stays:
        return None
    mean = (sum(stay.amount or Decimal(0) for stay in stays) / Decimal(len(stays))).quantize(CENT, ROUND_HALF_UP)
    return (mean / today.averages[last.property]).quantize(SHARE, ROUND_HALF_UP)


FACTS = (
    Fact(
        "spend_against_average",
        Kind.MONEY,
        Subject.STAYS,
        N_("spend a stay against the hotel's average"),
        AmountClause(
            N_("whose spend a stay is %(amount)s of their hotel's average"),
            N_("whose spend cannot be compared with an average"),
            known=N_("whose spend can be compared with an average"),
        ),
        sql=Sql("round(p.mean_spend / nullif(p.average, 0), 4)", average=True),
        python=against_average,
        sample=Decimal("1.5"),
        unit=PER_CENT,
        hint=N_(
            "100 per cent is what a stay brings on average in the hotel of the last stay. Stays in hotels of another "
            "currency are left out."
        ),
    ),
)
