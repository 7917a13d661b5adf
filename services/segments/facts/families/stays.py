"""A guest's stays, counted, summed, or the nearest of them; of all, or of some."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.segments.facts.clauses import AmountClause, TruthClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn
from services.segments.facts.guest_view import GuestView, StayView, Today, inside, narrowed, took_place
from services.segments.facts.sql import TOOK_PLACE, Gathered, Sql, stored
from services.segments.facts.units import DAYS, MONEY, NN_, Measure, Unit
from services.segments.facts.where import STAY_FILTERS, WINDOWS, Where
from shared.vocabulary.stay import StayStatus
from shared.vocabulary.term import N_

COUNTED = STAY_FILTERS | WINDOWS


def checked_out(guest: GuestView, where: Where, today: Today) -> list[StayView]:
    return [stay for stay in narrowed(took_place(guest.stays), where) if inside(stay.checked_out_on, where, today.day)]


def stays(guest: GuestView, where: Where, today: Today) -> int:
    return len(checked_out(guest, where, today))


def nights(guest: GuestView, where: Where, today: Today) -> int:
    return sum(stay.nights for stay in checked_out(guest, where, today))


def spend(guest: GuestView, where: Where, today: Today) -> Decimal:
    """Of one hotel in its currency, else in the reporting currency."""
    amounts = [stay.amount if where.one_hotel() else stay.reported for stay in checked_out(guest, where, today)]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def count(guest: GuestView, where: Where, today: Today, status: StayStatus, day: str) -> int:
    found = narrowed(guest.stays, where)
    return sum(stay.status == status and inside(getattr(stay, day), where, today.day) for stay in found)


def in_house(guest: GuestView, where: Where, _today: Today) -> bool:
    return any(stay.status == StayStatus.CHECKED_IN for stay in narrowed(guest.stays, where))


def last_checkout(guest: GuestView, where: Where, today: Today) -> int | None:
    days = [stay.checked_out_on for stay in narrowed(took_place(guest.stays), where) if stay.checked_out_on]
    return (today.day - max(days)).days if days else None


def next_arrival(guest: GuestView, where: Where, today: Today) -> int | None:
    days: list[date] = [stay.arrival for stay in narrowed(guest.stays, where) if stay.status == StayStatus.BOOKED]
    return (min(days) - today.day).days if days else None


FACTS = (
    Fact(
        "last_checkout",
        Kind.WHOLE,
        Subject.STAYS,
        N_("last check-out, days ago"),
        AmountClause(
            N_("whose last check-out was %(amount)s ago"),
            N_("who have never checked out"),
            known=N_("who have checked out before"),
        ),
        sql=Sql(
            "(p.today - p.last_checkout_on)",
            gathered=Gathered("max(s.checked_out_on)", TOOK_PLACE, "s.checked_out_on", "(p.today - {column})"),
        ),
        python=last_checkout,
        sample=90,
        unit=DAYS,
        where=STAY_FILTERS,
        moved=N_("So much time has passed since the last check-out."),
        turn=Turn.SINCE,
        index=Index.LAST_CHECKOUT,
        filtered_index=Index.STAY_CHECKED_OUT,
    ),
    Fact(
        "next_arrival",
        Kind.WHOLE,
        Subject.STAYS,
        N_("next arrival, days ahead"),
        AmountClause(
            N_("whose next arrival is in %(amount)s"),
            N_("who have no arrival ahead"),
            known=N_("who have an arrival ahead"),
        ),
        sql=Sql(
            "(p.next_arrival_on - p.today)",
            gathered=Gathered("min(s.arrival)", "s.status = 'booked'", "s.arrival", "({column} - p.today)"),
        ),
        python=next_arrival,
        sample=7,
        unit=DAYS,
        where=STAY_FILTERS,
        moved=N_("The next arrival has come nearer."),
        turn=Turn.UNTIL,
        index=Index.NEXT_ARRIVAL,
        filtered_index=Index.STAY_ARRIVAL,
    ),
    Fact(
        "stays",
        Kind.WHOLE,
        Subject.STAYS,
        N_("number of stays"),
        AmountClause(
            N_("who have had %(amount)s"),
            N_("of whom it is not known how often they stayed"),
            none=N_("who have not stayed yet"),
            some=N_("who have stayed before"),
        ),
        sql=stored("stays", Gathered("count(*)", TOOK_PLACE, "s.checked_out_on")),
        python=stays,
        sample=2,
        unit=Unit(Measure.COUNT, NN_("%(shown)s stay", "%(shown)s stays"), N_("stays")),
        always_known=True,
        where=COUNTED,
        window_index=Index.STAY_CHECKED_OUT,
        counts_stays=True,
    ),
    Fact(
        "nights",
        Kind.WHOLE,
        Subject.STAYS,
        N_("number of nights"),
        AmountClause(N_("who have stayed for %(amount)s"), N_("of whom it is not known how many nights they stayed")),
        sql=stored("nights", Gathered("sum(s.nights)", TOOK_PLACE, "s.checked_out_on")),
        python=nights,
        sample=7,
        unit=Unit(Measure.COUNT, NN_("%(shown)s night", "%(shown)s nights"), N_("nights")),
        always_known=True,
        where=COUNTED,
        window_index=Index.STAY_CHECKED_OUT,
    ),
    Fact(
        "spend",
        Kind.MONEY,
        Subject.STAYS,
        N_("spend"),
        AmountClause(N_("who have spent %(amount)s"), N_("of whom it is not known what they spent")),
        sql=stored(
            "spend",
            Gathered("sum(s.reported)", TOOK_PLACE, "s.checked_out_on", of_one_hotel="sum(s.amount)"),
        ),
        python=spend,
        sample=Decimal("99.5"),
        unit=MONEY,
        hint=N_(
            "Of a single hotel in its currency, otherwise in the reporting currency. Stays for which no rate is known "
            "are not counted."
        ),
        always_known=True,
        where=COUNTED,
        window_index=Index.STAY_CHECKED_OUT,
    ),
    Fact(
        "bookings",
        Kind.WHOLE,
        Subject.STAYS,
        N_("future bookings"),
        AmountClause(
            N_("who have %(amount)s ahead"),
            N_("of whom it is not known whether they have booked"),
            none=N_("who have no future booking"),
            some=N_("who have a future booking"),
        ),
        sql=stored("bookings", Gathered("count(*)", "s.status = 'booked'", "s.booked_on")),
        python=lambda guest, where, today: count(guest, where, today, StayStatus.BOOKED, "booked_on"),
        sample=1,
        unit=Unit(Measure.COUNT, NN_("%(shown)s booking", "%(shown)s bookings"), N_("bookings")),
        always_known=True,
        where=COUNTED,
    ),
    Fact(
        "in_house",
        Kind.TRUTH,
        Subject.STAYS,
        N_("in house"),
        TruthClause(N_("who are in house"), N_("who are not in house")),
        sql=Sql(
            "(p.in_house > 0)",
            gathered=Gathered("count(*)", "s.status = 'checked_in'", "s.arrival", "(coalesce({column}, 0) > 0)"),
        ),
        python=in_house,
        sample=True,
        always_known=True,
        where=STAY_FILTERS,
    ),
    Fact(
        "cancellations",
        Kind.WHOLE,
        Subject.STAYS,
        N_("cancelled bookings"),
        AmountClause(
            N_("who have cancelled %(amount)s"),
            N_("of whom it is not known whether they cancelled"),
            none=N_("who have never cancelled"),
            some=N_("who have cancelled before"),
        ),
        sql=stored("cancellations", Gathered("count(*)", "s.status = 'cancelled'", "s.ended_on")),
        python=lambda guest, where, today: count(guest, where, today, StayStatus.CANCELLED, "ended_on"),
        sample=1,
        unit=Unit(Measure.COUNT, NN_("%(shown)s time", "%(shown)s times"), N_("times")),
        always_known=True,
        where=COUNTED,
        window_index=Index.STAY_ENDED,
    ),
    Fact(
        "no_shows",
        Kind.WHOLE,
        Subject.STAYS,
        N_("no-shows"),
        AmountClause(
            N_("who did not show up for %(amount)s"),
            N_("of whom it is not known whether they showed up"),
            none=N_("who have always shown up"),
            some=N_("who once did not show up"),
        ),
        sql=stored("no_shows", Gathered("count(*)", "s.status = 'no_show'", "s.ended_on")),
        python=lambda guest, where, today: count(guest, where, today, StayStatus.NO_SHOW, "ended_on"),
        sample=1,
        unit=Unit(Measure.COUNT, NN_("%(shown)s reservation", "%(shown)s reservations"), N_("reservations")),
        always_known=True,
        where=COUNTED,
        window_index=Index.STAY_ENDED,
    ),
)
