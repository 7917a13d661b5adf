"""What is predicted of a guest on the first of every month: whether, how often and when they come again, and for how
much. Whoever was not predicted then has none of it: they are unknown, and never guessed.
"""

from __future__ import annotations

from decimal import Decimal

from services.segments.facts.clauses import AmountClause, TextClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Subject, Values
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql
from services.segments.facts.units import MONEY, NN_, PER_CENT, Measure, Unit
from services.segments.facts.where import Where
from shared.vocabulary.month import Month
from shared.vocabulary.term import N_

COLUMN_OF = {"chance_alive": "alive", "expected_stays": "visits", "expected_spend": "worth", "likely_month": "month"}
"""By fact, the column of `guest_prediction`."""
MONTHLY = N_("As predicted on the first of the month. Of guests who had not stayed by then nothing is known.")


def predicted(fact: str, written: str = "{column}") -> Sql:
    column = written.format(column=f"q.{COLUMN_OF[fact]}")
    return Sql(f"p.{fact}", today=f"(select {column} from guest_prediction q where q.guest_id = f.guest_id) as {fact}")


def told(name: str) -> Evaluate:
    def value(guest: GuestView, _where: Where, _today: Today) -> Decimal | str | None:
        return getattr(guest.prediction, name) if guest.prediction else None

    return value


FACTS = (
    Fact(
        "chance_alive",
        Kind.MONEY,
        Subject.EXPECTED,
        N_("chance that they may still come"),
        AmountClause(
            N_("whose chance of still coming is %(amount)s"),
            N_("of whom no chance of coming is known"),
            known=N_("of whom a chance of coming is known"),
        ),
        sql=predicted("chance_alive"),
        python=told("alive"),
        sample=Decimal("0.5"),
        unit=PER_CENT,
        hint=N_("Not known of whoever came once: one visit says nothing of it."),
    ),
    Fact(
        "expected_stays",
        Kind.MONEY,
        Subject.EXPECTED,
        N_("stays expected in a year"),
        AmountClause(
            N_("of whom %(amount)s are expected in a year"),
            N_("of whom it is not known how many stays are expected"),
            known=N_("of whom it is known how many stays are expected"),
        ),
        sql=predicted("expected_stays"),
        python=told("visits"),
        sample=Decimal("0.5"),
        unit=Unit(Measure.COUNT, NN_("%(shown)s stay", "%(shown)s stays"), N_("stays")),
        hint=MONTHLY,
    ),
    Fact(
        "expected_spend",
        Kind.MONEY,
        Subject.EXPECTED,
        N_("revenue expected in a year"),
        AmountClause(
            N_("who are expected to bring %(amount)s in a year"),
            N_("of whom it is not known what they are to bring"),
            known=N_("of whom it is known what they are to bring"),
        ),
        sql=predicted("expected_spend"),
        python=told("worth"),
        sample=Decimal(100),
        unit=MONEY,
        hint=MONTHLY,
    ),
    Fact(
        "likely_month",
        Kind.TEXT,
        Subject.EXPECTED,
        N_("likely month of the next stay"),
        TextClause(
            N_("whose next stay is likely in %(value)s"),
            N_("whose next stay is not likely in %(value)s"),
            known=N_("of whom a likely month is known"),
            unknown=N_("of whom no likely month is known"),
        ),
        sql=predicted("likely_month", "{column}::text"),
        python=told("month"),
        sample="12",
        values=Values.TERMS,
        terms=Month,
        hint=N_("From their own arrivals and the group's, of whoever came twice, where a month stands out."),
    ),
)
