"""Where a guest stands among all: the top so many per cent of spend, of nights, of stays, as of the last count."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from services.segments.facts.clauses import AmountClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Subject
from services.segments.facts.guest_view import GuestView, Today, took_place
from services.segments.facts.sql import Sql
from services.segments.facts.units import NN_, Measure, Unit
from services.segments.facts.where import Where
from shared.vocabulary.term import N_

HUNDREDTH = Unit(Measure.COUNT, NN_("%(shown)s per cent", "%(shown)s per cent"), N_("per cent"))
HINT = N_(
    "«At most 20» are the best fifth of the guests who have stayed; where many are equal there are fewer of them. "
    "Counted anew every night."
)
MEASURES = {"spend_top": "spend", "nights_top": "nights", "stays_top": "stays"}
"""By fact, the column of `guest_facts` that is compared."""


def ranked(measure: str, value: Callable[[GuestView], Decimal]) -> Evaluate:
    """One more than the number of cuts that are at least as great: guests that are equal share the lower place."""

    def top(guest: GuestView, _where: Where, today: Today) -> int | None:
        if not took_place(guest.stays) or measure not in today.cuts:
            return None
        own = value(guest)
        return 1 + sum(cut >= own for cut in today.cuts[measure])

    return top


def top_sql(name: str, column: str) -> Sql:
    """The cuts are kept as their negatives, ascending, as `width_bucket` wants them."""
    cuts = f"(select downs from rank_cut where measure = '{column}')"
    return Sql(
        f"p.{name}",
        today=f"case when f.stays > 0 then 1 + width_bucket(-f.{column}::numeric, {cuts}) end as {name}",
    )


def spent(guest: GuestView) -> Decimal:
    amounts = (stay.reported for stay in took_place(guest.stays))
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


FACTS = (
    Fact(
        "spend_top",
        Kind.WHOLE,
        Subject.STAYS,
        N_("among the top per cent by spend"),
        AmountClause(
            N_("whose spend is among the top: %(amount)s"),
            N_("whose spend has no rank"),
            known=N_("whose spend has a rank"),
        ),
        sql=top_sql("spend_top", "spend"),
        python=ranked("spend", spent),
        sample=20,
        unit=HUNDREDTH,
        hint=HINT,
    ),
    Fact(
        "nights_top",
        Kind.WHOLE,
        Subject.STAYS,
        N_("among the top per cent by nights"),
        AmountClause(
            N_("whose nights are among the top: %(amount)s"),
            N_("whose nights have no rank"),
            known=N_("whose nights have a rank"),
        ),
        sql=top_sql("nights_top", "nights"),
        python=ranked("nights", lambda guest: Decimal(sum(stay.nights for stay in took_place(guest.stays)))),
        sample=20,
        unit=HUNDREDTH,
        hint=HINT,
    ),
    Fact(
        "stays_top",
        Kind.WHOLE,
        Subject.STAYS,
        N_("among the top per cent by number of stays"),
        AmountClause(
            N_("whose number of stays is among the top: %(amount)s"),
            N_("whose number of stays has no rank"),
            known=N_("whose number of stays has a rank"),
        ),
        sql=top_sql("stays_top", "stays"),
        python=ranked("stays", lambda guest: Decimal(len(took_place(guest.stays)))),
        sample=20,
        unit=HUNDREDTH,
        hint=HINT,
    ),
)
