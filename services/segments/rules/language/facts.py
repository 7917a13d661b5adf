"""The fact dictionary: everything a rule may ask about a guest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    WHOLE = "whole number"
    MONEY = "number"
    TEXT = "text"
    TEXTS = "list of texts"
    TRUTH = "true or false"


class Turn(StrEnum):
    """How a value moves while the days pass and nothing else happens."""

    SINCE = "since"  # days since a date: +1 a day
    UNTIL = "until"  # days until a date: -1 a day
    BIRTHDAY = "birthday"  # days until the next one: -1 a day, and back to a year's length after the day itself
    AGE = "age"  # +1 on a birthday
    EXPIRY = "expiry"  # gone after a date


class Index(StrEnum):
    """A range of values that the sweep can walk; a fact that time moves needs one."""

    BIRTHDAY = "birthday"
    LAST_CHECKOUT = "last_checkout"
    NEXT_ARRIVAL = "next_arrival"
    EMAIL_UNTIL = "email_until"
    SMS_UNTIL = "sms_until"
    STAY_CHECKED_OUT = "stay_checked_out"
    STAY_ENDED = "stay_ended"
    STAY_ARRIVAL = "stay_arrival"


STAY_FILTERS = frozenset({"property", "channel", "room_type", "market_segment"})
WINDOWS = frozenset({"window_days", "since"})
CONTACT_CHANNELS = ("email", "sms")


@dataclass(frozen=True)
class Fact:
    """`where`: the keys by which it may be narrowed; `needs`: those it cannot do without.

    `turn`: how time moves it. `window_index`, `filtered_index`: the index that finds who crosses a border of it when it
    is windowed, or narrowed to some stays. `column`: where it lies in `guest_facts` as it is.
    """

    name: str
    kind: Kind
    words: str
    where: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    turn: Turn | None = None
    index: Index | None = None
    filtered_index: Index | None = None
    window_index: Index | None = None
    column: str | None = None


CHANNEL = frozenset({"channel"})
COUNTED = STAY_FILTERS | WINDOWS
OUT, ENDED = Index.STAY_CHECKED_OUT, Index.STAY_ENDED

_ALL = (
    Fact("title", Kind.TEXT, "title", column="title"),
    Fact("language", Kind.TEXT, "language", column="language"),
    Fact("country", Kind.TEXT, "country", column="country"),
    Fact("region", Kind.TEXT, "region", column="region"),
    Fact("home_property", Kind.TEXT, "home property", column="home_property"),
    Fact("tier", Kind.TEXT, "tier", column="tier"),
    Fact("do_not_contact", Kind.TEXT, "do not contact", column="do_not_contact"),
    Fact("tags", Kind.TEXTS, "tags", column="tags"),
    Fact("age", Kind.WHOLE, "age in years", turn=Turn.AGE, index=Index.BIRTHDAY),
    Fact("birthday_in", Kind.WHOLE, "days until the next birthday", turn=Turn.BIRTHDAY, index=Index.BIRTHDAY),
    Fact("consent", Kind.TEXT, "consent to marketing", CHANNEL, CHANNEL, turn=Turn.EXPIRY),
    Fact("reachable", Kind.TRUTH, "own address and a consent that counts", CHANNEL, CHANNEL, turn=Turn.EXPIRY),
    Fact("stays", Kind.WHOLE, "stays", COUNTED, window_index=OUT, column="stays"),
    Fact("nights", Kind.WHOLE, "nights", COUNTED, window_index=OUT, column="nights"),
    Fact("spend", Kind.MONEY, "spend", COUNTED, window_index=OUT, column="spend"),
    Fact("bookings", Kind.WHOLE, "standing bookings", COUNTED, column="bookings"),
    Fact("cancellations", Kind.WHOLE, "cancelled bookings", COUNTED, window_index=ENDED, column="cancellations"),
    Fact("no_shows", Kind.WHOLE, "no-shows", COUNTED, window_index=ENDED, column="no_shows"),
    Fact("in_house", Kind.TRUTH, "in house", STAY_FILTERS),
    Fact(
        "last_checkout",
        Kind.WHOLE,
        "days since the last check-out",
        STAY_FILTERS,
        turn=Turn.SINCE,
        index=Index.LAST_CHECKOUT,
        filtered_index=Index.STAY_CHECKED_OUT,
    ),
    Fact(
        "next_arrival",
        Kind.WHOLE,
        "days until the next arrival",
        STAY_FILTERS,
        turn=Turn.UNTIL,
        index=Index.NEXT_ARRIVAL,
        filtered_index=Index.STAY_ARRIVAL,
    ),
    Fact("last_property", Kind.TEXT, "property of the last stay", column="last_property"),
    Fact("last_channel", Kind.TEXT, "booking channel of the last stay", column="last_channel"),
    Fact("last_room_type", Kind.TEXT, "room type of the last stay", column="last_room_type"),
    Fact("last_market_segment", Kind.TEXT, "market segment of the last stay", column="last_market_segment"),
    Fact("lead_days", Kind.WHOLE, "days from booking to arrival of the last stay", column="last_lead_days"),
    Fact("spend_against_average", Kind.MONEY, "spend a stay, as a share of the last property's average"),
)

FACTS = {fact.name: fact for fact in _ALL}
