"""Dates of the house's own: how long until the next one, since the last one, in which month, between which days."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause, TextClause, TruthClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.families.birthdays import birthday_on, next_birthday
from services.segments.facts.families.lunar import last_lunar_day, next_lunar_birthday
from services.segments.facts.guest_view import GuestView, HouseDay, Today, inside
from services.segments.facts.sql import Sql
from services.segments.facts.units import DAYS
from services.segments.facts.where import DATE, Where
from shared.vocabulary.month import Month
from shared.vocabulary.term import N_

OF_GUEST = "from guest_date d where d.guest_id = p.guest_id and d.date_key = {key}"


def known(guest: GuestView, where: Where) -> HouseDay | None:
    return guest.dates.get(where.date[0])


def date_in(guest: GuestView, where: Where, today: Today) -> int | None:
    one = known(guest, where)
    if one is None or (one.day < today.day and not one.yearly):
        return None
    if one.day >= today.day:
        return (one.day - today.day).days
    following = next_lunar_birthday(one.day, today.day) if one.lunar else next_birthday(one.day, today.day)
    return (following - today.day).days if following else None


def date_ago(guest: GuestView, where: Where, today: Today) -> int | None:
    one = known(guest, where)
    if one is None or one.day > today.day:
        return None
    if not one.yearly:
        return (today.day - one.day).days
    if one.lunar:
        return (today.day - last_lunar_day(one.day, today.day)).days
    this_year = birthday_on(one.day, today.day.year)
    last = this_year if this_year <= today.day else birthday_on(one.day, today.day.year - 1)
    return (today.day - last).days


def date_month(guest: GuestView, where: Where, _today: Today) -> str | None:
    one = known(guest, where)
    return str(one.day.month) if one else None


def date_between(guest: GuestView, where: Where, today: Today) -> bool:
    one = known(guest, where)
    return one is not None and inside(one.day, where, today.day)


FACTS = (
    Fact(
        "date_in",
        Kind.WHOLE,
        Subject.DATES,
        N_("own date: days ahead"),
        AmountClause(
            N_("whose «%(date)s» is next in %(amount)s"),
            N_("whose «%(date)s» is not known, or is past for good"),
            known=N_("whose «%(date)s» is still to come"),
        ),
        sql=Sql(of_date=f"(select next_day_of(d.on_date, d.md, d.lunar_md, p.today) - p.today {OF_GUEST})"),
        python=date_in,
        sample=14,
        unit=DAYS,
        moved=N_("A date of your own has come nearer, or is past."),
        where=DATE,
        needs=DATE,
        turn=Turn.BIRTHDAY,
        index=Index.HOUSE_DATE,
    ),
    Fact(
        "date_ago",
        Kind.WHOLE,
        Subject.DATES,
        N_("own date: days ago"),
        AmountClause(
            N_("whose «%(date)s» was last %(amount)s ago"),
            N_("whose «%(date)s» is not known, or was never yet"),
            known=N_("whose «%(date)s» has been"),
        ),
        sql=Sql(of_date=f"(select p.today - last_day_of(d.on_date, d.md, d.lunar_md, p.today) {OF_GUEST})"),
        python=date_ago,
        sample=14,
        unit=DAYS,
        moved=N_("So much time has passed since a date of your own."),
        where=DATE,
        needs=DATE,
        turn=Turn.ANNIVERSARY,
        index=Index.HOUSE_DATE,
    ),
    Fact(
        "date_month",
        Kind.TEXT,
        Subject.DATES,
        N_("own date: month, known"),
        TextClause(
            N_("whose «%(date)s» is in %(value)s"),
            N_("whose «%(date)s» is not in %(value)s"),
            N_("whose «%(date)s» is known"),
            N_("whose «%(date)s» is not known"),
        ),
        sql=Sql(of_date=f"(select extract(month from d.on_date)::int::text {OF_GUEST})"),
        python=date_month,
        sample="5",
        hint=N_("By the day itself, as our calendar has it: also where it comes again by the lunar one."),
        values=Values.TERMS,
        terms=Month,
        where=DATE,
        needs=DATE,
    ),
    Fact(
        "date_between",
        Kind.TRUTH,
        Subject.DATES,
        N_("own date: between two days"),
        TruthClause(
            N_("whose «%(date)s» falls into these days"),
            N_("whose «%(date)s» is not known, or falls into other days"),
        ),
        sql=Sql(of_date="exists (select " + OF_GUEST + " and {between})"),
        python=date_between,
        sample=True,
        hint=N_("By the day itself with its year, and not by when it comes again. Both days belong to it."),
        always_known=True,
        where=frozenset({*DATE, "since", "until"}),
        needs=DATE,
    ),
)
