"""Age and birthday: what a birth date and the day give."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn
from services.segments.facts.families.birthdays import birthday_on, next_birthday
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql
from services.segments.facts.units import DAYS, YEARS
from services.segments.facts.where import Where
from shared.vocabulary.term import N_

KNOWN_YEARS_FROM = 1901  # an earlier year of birth is a placeholder: it makes a birthday, but no age

YEAR = "a.year"
LEAP = "(({year}) %% 4 = 0 and (({year}) %% 100 <> 0 or ({year}) %% 400 = 0))"


def birthday_in_year(year: str) -> str:
    leap = LEAP.format(year=year)
    day = f"case when f.birth_md = 229 and not {leap} then 28 else f.birth_md %% 100 end"
    return f"make_date({year}, f.birth_md / 100, {day})"


THIS, NEXT = birthday_in_year(YEAR), birthday_in_year(f"{YEAR} + 1")


def age(guest: GuestView, _where: Where, today: Today) -> int | None:
    birth = guest.birth_date
    if birth is None or birth.year < KNOWN_YEARS_FROM:
        return None
    return today.day.year - birth.year - (birthday_on(birth, today.day.year) > today.day)


def birthday_in(guest: GuestView, _where: Where, today: Today) -> int | None:
    return None if guest.birth_date is None else (next_birthday(guest.birth_date, today.day) - today.day).days


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
