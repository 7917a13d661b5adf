"""The last stay that took place."""

from __future__ import annotations

from collections.abc import Callable

from services.segments.facts import guest_view
from services.segments.facts.clauses import AmountClause, TextClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Plain, Subject, Values
from services.segments.facts.guest_view import StayView
from services.segments.facts.sql import stored
from services.segments.facts.units import DAYS, NN_, Measure, Unit
from shared.vocabulary.stay import Party, Weekday
from shared.vocabulary.term import N_


def of_last(read: Callable[[StayView], Plain | None]) -> Evaluate:
    return lambda guest, _where, _today: None if (last := guest_view.last_stay(guest)) is None else read(last)


FACTS = (
    Fact(
        "last_property",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("hotel of the last stay"),
        TextClause(
            N_("whose last stay was at %(value)s"),
            N_("whose last stay was not at %(value)s"),
            N_("who have stayed at a hotel of ours"),
            N_("who have never stayed at a hotel of ours"),
        ),
        sql=stored("last_property"),
        python=of_last(lambda stay: stay.property),
        sample="LIS",
        values=Values.HOTELS,
    ),
    Fact(
        "last_channel",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("booking channel of the last stay"),
        TextClause(
            N_("who booked their last stay through %(value)s"),
            N_("who did not book their last stay through %(value)s"),
            N_("whose last booking channel is known"),
            N_("whose last booking channel is not known"),
        ),
        sql=stored("last_channel"),
        python=of_last(lambda stay: stay.channel),
        sample="Direct",
    ),
    Fact(
        "last_room_type",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("room type of the last stay"),
        TextClause(
            N_("whose last room was of type %(value)s"),
            N_("whose last room was not of type %(value)s"),
            N_("whose last room type is known"),
            N_("whose last room type is not known"),
        ),
        sql=stored("last_room_type"),
        python=of_last(lambda stay: stay.room_type),
        sample="A",
    ),
    Fact(
        "last_market_segment",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("market segment of the last stay"),
        TextClause(
            N_("whose last stay was of market segment %(value)s"),
            N_("whose last stay was not of market segment %(value)s"),
            N_("whose last market segment is known"),
            N_("whose last market segment is not known"),
        ),
        sql=stored("last_market_segment"),
        python=of_last(lambda stay: stay.market_segment),
        sample="Groups",
    ),
    Fact(
        "lead_days",
        Kind.WHOLE,
        Subject.LAST_STAY,
        N_("days booked ahead"),
        AmountClause(
            N_("who booked their last stay %(amount)s ahead"),
            N_("of whose last stay the day of booking is not known"),
            known=N_("who have stayed before"),
        ),
        sql=stored("last_lead_days"),
        python=of_last(lambda stay: stay.lead_days),
        sample=30,
        unit=DAYS,
    ),
    Fact(
        "last_nights",
        Kind.WHOLE,
        Subject.LAST_STAY,
        N_("length of the last stay"),
        AmountClause(
            N_("whose last stay was of %(amount)s"),
            N_("of whose last stay the length is not known"),
            known=N_("of whose last stay the length is known"),
        ),
        sql=stored("last_nights"),
        python=of_last(lambda stay: stay.nights),
        sample=2,
        unit=Unit(Measure.COUNT, NN_("%(shown)s night", "%(shown)s nights"), N_("nights")),
    ),
    Fact(
        "last_rate_plan",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("rate of the last stay"),
        TextClause(
            N_("whose last stay was at the rate %(value)s"),
            N_("whose last stay was not at the rate %(value)s"),
            N_("of whose last stay the rate is known"),
            N_("of whose last stay the rate is not known"),
        ),
        sql=stored("last_rate_plan"),
        python=of_last(lambda stay: stay.rate_plan),
        sample="BAR",
    ),
    Fact(
        "last_company",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("company of the last stay"),
        TextClause(
            N_("whose last stay was for the company %(value)s"),
            N_("whose last stay was not for the company %(value)s"),
            N_("whose last stay was for a company"),
            N_("whose last stay was for no company"),
        ),
        sql=stored("last_company"),
        python=of_last(lambda stay: stay.company),
        sample="Acme",
    ),
    Fact(
        "last_party",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("party of the last stay"),
        TextClause(
            N_("whose last stay was %(value)s"),
            N_("whose last stay was not %(value)s"),
            N_("of whose last stay the party is known"),
            N_("of whose last stay the party is not known"),
        ),
        sql=stored("last_party"),
        python=of_last(lambda stay: stay.party),
        sample=str(Party.FAMILY),
        values=Values.TERMS,
        terms=Party,
    ),
    Fact(
        "last_companions",
        Kind.WHOLE,
        Subject.LAST_STAY,
        N_("companions of the last stay"),
        AmountClause(
            N_("who came to their last stay with %(amount)s"),
            N_("of whose last stay it is not known who came along"),
            known=N_("of whose last stay it is known who came along"),
            none=N_("who came to their last stay alone"),
            some=N_("who came to their last stay with others"),
        ),
        sql=stored("last_companions"),
        python=of_last(lambda stay: stay.companions),
        sample=1,
        unit=Unit(Measure.COUNT, NN_("%(shown)s companion", "%(shown)s companions"), N_("companions")),
        hint=N_("Adults and children but for the guest, or the names that the reservation gives, whichever are more."),
    ),
    Fact(
        "last_weekday",
        Kind.TEXT,
        Subject.LAST_STAY,
        N_("weekday of the last arrival"),
        TextClause(
            N_("who last arrived on %(value)s"),
            N_("who last arrived on another day than %(value)s"),
            N_("of whose last arrival the weekday is known"),
            N_("of whose last arrival the weekday is not known"),
        ),
        sql=stored("last_weekday"),
        python=of_last(lambda stay: stay.weekday),
        sample=str(Weekday.FRIDAY),
        values=Values.TERMS,
        terms=Weekday,
    ),
)
