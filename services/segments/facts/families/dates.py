"""Age, birthdays and the anniversary of the first stay: what a date of the guest and the day give."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn
from services.segments.facts.families.birthdays import birthday_on, next_anniversary, next_birthday
from services.segments.facts.families.lunar import next_lunar_birthday
from services.segments.facts.guest_view import GuestView, Today, took_place
from services.segments.facts.sql import Sql
from services.segments.facts.units import DAYS, YEARS
from services.segments.facts.where import Where
from shared.vocabulary.term import N_

KNOWN_YEARS_FROM = 1901  # an earlier year of birth is a placeholder: it makes a birthday, but no age

YEAR = "a.year"
LEAP = "(({year}) %% 4 = 0 and (({year}) %% 100 <> 0 or ({year}) %% 400 = 0))"


def kept_in_year(year: str, md: str = "f.birth_md") -> str:
    leap = LEAP.format(year=year)
    day = f"case when {md} = 229 and not {leap} then 28 else {md} %% 100 end"
    return f"make_date({year}, {md} / 100, {day})"


THIS, NEXT = kept_in_year(YEAR), kept_in_year(f"{YEAR} + 1")
FIRST = "f.first_arrival_md"
FIRST_THIS, FIRST_NEXT = kept_in_year(YEAR, FIRST), kept_in_year(f"{YEAR} + 1", FIRST)
LUNAR = "m.begins + least(f.lunar_md %% 100, m.days) - 1"
NEXT_LUNAR = f"""(
    select min({LUNAR}) from lunar_month m
    where m.month = f.lunar_md / 100 and not m.leap and m.begins between a.today - 30 and a.today + 390
        and {LUNAR} >= a.today
)"""


def age(guest: GuestView, _where: Where, today: Today) -> int | None:
    birth = guest.birth_date
    if birth is None or birth.year < KNOWN_YEARS_FROM:
        return None
    return today.day.year - birth.year - (birthday_on(birth, today.day.year) > today.day)


def birthday_in(guest: GuestView, _where: Where, today: Today) -> int | None:
    return None if guest.birth_date is None else (next_birthday(guest.birth_date, today.day) - today.day).days


def lunar_birthday_in(guest: GuestView, _where: Where, today: Today) -> int | None:
    found = next_lunar_birthday(guest.birth_date, today.day) if guest.birth_date else None
    return (found - today.day).days if found else None


def first_stay_in(guest: GuestView, _where: Where, today: Today) -> int | None:
    first = min((stay.arrival for stay in took_place(guest.stays)), default=None)
    return None if first is None else (next_anniversary(first, today.day) - today.day).days


FACTS = (
    Fact(
        "birthday_in",
        Kind.WHOLE,
        Subject.PERSON,
        N_("next birthday, days ahead"),
        AmountClause(
            N_("whose next birthday is in %(amount)s"),
            N_("whose birthday is not known"),
            known=N_("whose birthday is known"),
        ),
        sql=Sql(
            "p.birthday_in",
            today=f"case when {THIS} >= a.today then {THIS} - a.today else {NEXT} - a.today end as birthday_in",
        ),
        python=birthday_in,
        sample=14,
        unit=DAYS,
        moved=N_("The birthday has come nearer, or is past."),
        turn=Turn.BIRTHDAY,
        index=Index.BIRTHDAY,
    ),
    Fact(
        "lunar_birthday_in",
        Kind.WHOLE,
        Subject.PERSON,
        N_("next birthday by the lunar calendar, days ahead"),
        AmountClause(
            N_("whose next birthday by the lunar calendar is in %(amount)s"),
            N_("whose birthday by the lunar calendar is not known"),
            known=N_("whose birthday by the lunar calendar is known"),
        ),
        sql=Sql("p.lunar_birthday_in", today=f"{NEXT_LUNAR} - a.today as lunar_birthday_in"),
        python=lunar_birthday_in,
        sample=14,
        unit=DAYS,
        moved=N_("The birthday by the lunar calendar has come nearer, or is past."),
        turn=Turn.BIRTHDAY,
        index=Index.LUNAR_BIRTHDAY,
    ),
    Fact(
        "first_stay_in",
        Kind.WHOLE,
        Subject.PERSON,
        N_("next anniversary of the first stay, days ahead"),
        AmountClause(
            N_("whose next anniversary of the first stay is in %(amount)s"),
            N_("who have not stayed yet, so that there is no anniversary"),
            known=N_("whose anniversary of the first stay is known"),
        ),
        sql=Sql(
            "p.first_stay_in",
            today=f"case when {FIRST_THIS} >= a.today and {FIRST_THIS} > f.first_arrival_on "
            f"then {FIRST_THIS} - a.today else {FIRST_NEXT} - a.today end as first_stay_in",
        ),
        python=first_stay_in,
        sample=14,
        unit=DAYS,
        moved=N_("The anniversary of the first stay has come nearer, or is past."),
        turn=Turn.BIRTHDAY,
        index=Index.FIRST_ARRIVAL,
    ),
    Fact(
        "age",
        Kind.WHOLE,
        Subject.PERSON,
        N_("age"),
        AmountClause(N_("who are %(amount)s old"), N_("whose age is not known"), known=N_("whose age is known")),
        sql=Sql("p.age", today=f"{YEAR} - f.birth_year - ({THIS} > a.today)::int as age"),
        python=age,
        sample=40,
        unit=YEARS,
        moved=N_("It was the guest's birthday."),
        turn=Turn.AGE,
        index=Index.BIRTHDAY,
    ),
)
