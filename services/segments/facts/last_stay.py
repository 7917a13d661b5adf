"""The last stay that took place."""

from __future__ import annotations

from collections.abc import Callable

from services.segments.facts import guest_view
from services.segments.facts.clauses import AmountClause, TextClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Plain, Subject, Values
from services.segments.facts.guest_view import StayView
from services.segments.facts.sql import stored
from services.segments.facts.units import DAYS
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
)
