"""Which documents are an entry."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as marsh
from marshmallow import pre_load, validate, validates_schema

from services.campaigns.steps.anchors import OF_GUESTS, OF_STAYS, Anchor, DateName, OffsetSchema, is_own
from services.campaigns.steps.calendars import CalendarSchema
from services.campaigns.steps.entries import STANDS_WHILE, LeapDay, Occurrence
from services.campaigns.steps.event_values import ValueIsSchema
from services.campaigns.steps.fields import Name, OneOf, Whole, wrong
from services.campaigns.steps.happening_entry import (
    CONDITIONS,
    CRITICISED,
    HAPPENINGS,
    HIGHEST,
    IS_OFFER,
    LOWEST,
    MOST_POINTS,
    PRAISED,
    check_happening,
)
from services.campaigns.steps.stay_conditions import StayConditionsSchema
from services.campaigns.steps.update import LONGEST_TIER
from services.campaigns.steps.warning_entry import SUBJECTS
from shared.vocabulary.case import CaseKind, Contentment
from shared.vocabulary.guest_event import EVENT_NAME, LONGEST_EVENT_NAME
from shared.vocabulary.topic import TopicLabel
from shared.whole_text import WholeText

MOST_DAYS_BEFORE = 60
MOST_OWN_DAYS_BEFORE = 180  # so that who is so near to a date is so for a part of the year only
MOST_AN_HOUR = 1_000_000
KINDS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"audience", "when", "occurrence"}), frozenset()),
    (frozenset({"date", "offset_days"}), frozenset({"audience", "leap_day"})),
    (frozenset({"date", "days", "hours", "hour"}), frozenset({"leap_day"})),
    (frozenset({"stay"}), frozenset({"hotel", "stays"})),
    (frozenset({"stay_date", "days", "hours", "hour"}), frozenset({"hotel", "stays"})),
    (
        frozenset({"audience", "calendar", "offset_days", "hour"}),
        frozenset({"hotel", "left_out", "an_hour", "own_hour"}),
    ),
    (frozenset({"signup"}), frozenset({"hotel"})),
    (frozenset({"event"}), frozenset({"hotel", "where"})),
    (frozenset({"happening"}), CONDITIONS),
    (frozenset({"warning", "audience"}), frozenset({"hotel"})),
)
"""Of each kind the fields that it has, and those that it may have."""


class EntrySchema(OffsetSchema):
    audience = Name()
    when = OneOf(("entered", "left"))
    occurrence = OneOf((Occurrence.LAPSE, Occurrence.ENTRY))
    date = DateName(OF_GUESTS)
    offset_days = Whole(-MOST_DAYS_BEFORE, MOST_DAYS_BEFORE)
    leap_day = OneOf(LeapDay)
    stay = OneOf(STANDS_WHILE)
    stay_date = OneOf(OF_STAYS)
    stays = marsh.Nested(StayConditionsSchema)
    calendar = marsh.Nested(CalendarSchema)
    left_out = marsh.List(Name(), validate=validate.Length(1, 20))
    an_hour = Whole(1, MOST_AN_HOUR)
    own_hour = marsh.Boolean()
    signup = Name()
    event = marsh.String(
        validate=[
            validate.Length(max=LONGEST_EVENT_NAME),
            WholeText(f"^{EVENT_NAME}$", error="two words or more with dots between them, such as spa.booked"),
        ]
    )
    where = marsh.Nested(ValueIsSchema)
    happening = OneOf(HAPPENINGS)
    score_from = Whole(LOWEST, HIGHEST)
    score_to = Whole(LOWEST, HIGHEST)
    topic = OneOf(TopicLabel)
    feeling = OneOf((PRAISED, CRITICISED))
    case = OneOf(CaseKind)
    content = OneOf((Contentment.YES, Contentment.NO))
    of = Name()
    offer = marsh.String(validate=IS_OFFER)
    tier = marsh.String(validate=validate.Length(1, LONGEST_TIER))
    points_reached = Whole(1, MOST_POINTS)
    points_earned = Whole(1, MOST_POINTS)
    warning = marsh.List(OneOf(SUBJECTS), validate=validate.Length(1, len(SUBJECTS)))
    hotel = marsh.String(validate=validate.Length(1, 20))

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        if isinstance(data, dict) and "calendar" in data:
            return {"offset_days": 0, **data}
        if isinstance(data, dict) and "audience" in data and not {"date", "warning"} & data.keys():
            return {"when": "entered", "occurrence": Occurrence.ENTRY.value, **data}
        if isinstance(data, dict) and ("stay_date" in data or is_own(str(data.get("date", "")))):
            return {"days": 0, "hours": 0, **data}
        return data

    @validates_schema
    def one_pace(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("own_hour") and "an_hour" in data:
            raise wrong("two_paces", "either so many an hour, or each at their own hour", "an_hour")

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        there = frozenset(data)
        if not any(needed <= there <= needed | more for needed, more in KINDS):
            raise wrong(
                "not_one_kind",
                "an entry is an audience (with when and occurrence), a date with offset_days, "
                "a date of your own with days or hours and an hour, a stay (and perhaps a hotel and stays), "
                "a calendar (with an audience and an hour, and perhaps offset_days, a hotel, left_out, an_hour or "
                "own_hour), "
                "a stay_date (arrival or departure, with days or hours and an hour, and perhaps a hotel and stays), "
                "a signup (with a hotel or without), an event (with a hotel, with where, or without), a happening "
                "(with a hotel, scores, a topic, a feeling, a case, content, of, an offer, a "
                "tier, points_reached or points_earned), or a warning (with an audience, and perhaps a hotel)",
            )
        if "date" in there:
            _check_date(data["date"], data)
        if "happening" in there:
            check_happening(data)


def _check_date(date: str, data: dict[str, Any]) -> None:
    """Of the house's own dates 29 February is kept as a birthday is."""
    if is_own(date):
        if "offset_days" in data:
            raise wrong("not_one_kind", "from a date of your own days or hours are counted, with an hour", "date")
        if data["days"] < -MOST_OWN_DAYS_BEFORE:
            raise wrong("too_long_before", f"at most {MOST_OWN_DAYS_BEFORE} days before a date of your own", "days")
    elif "offset_days" not in data:
        raise wrong("not_one_kind", "from this date days are counted, as offset_days", "date")
    elif date != Anchor.BIRTHDAY and {"audience", "leap_day"} & data.keys():
        raise wrong("birthdays_only", "only a birthday names an audience or a leap_day", "date")
