"""What a fact is: what it may be asked, where its value comes from, twice, and how people read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from services.segments.facts.clauses import Clause
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql
from services.segments.facts.units import Unit
from services.segments.facts.where import STAY_FILTERS, Where
from shared.vocabulary.term import N_, Term

Number = int | Decimal
Plain = Number | str | bool
Evaluate = Callable[[GuestView, Where, Today], "Plain | frozenset[str] | None"]


class Kind(StrEnum):
    WHOLE = "whole number"
    MONEY = "number"
    TEXT = "text"
    TEXTS = "list of texts"
    TRUTH = "true or false"
    MEMBERSHIP = "key of a segment"  # of another segment, whose rule stands in its place when it is evaluated


class Subject(Term):
    """The groups in which the form offers facts, in its order."""

    STAYS = "stays", N_("Stays")
    LAST_STAY = "last_stay", N_("The last stay")
    EXPECTED = "expected", N_("What is expected")
    PERSON = "person", N_("The person")
    ANSWERS = "answers", N_("Answers and cases")
    OFFERS = "offers", N_("Offers")
    CONTACT = "contact", N_("Contact")
    DATES = "dates", N_("Dates of your own")
    GROUPS = "groups", N_("Lists, segments and shares")


class Turn(StrEnum):
    """How a value moves while the days pass and nothing else happens."""

    SINCE = "since"  # days since a date: +1 a day
    UNTIL = "until"  # days until a date: -1 a day
    BIRTHDAY = "birthday"  # days until the next one: -1 a day, and back to a year's length after the day itself
    ANNIVERSARY = "anniversary"  # days since the last one: +1 a day, and back to 0 on the day itself
    AGE = "age"  # +1 on a birthday
    EXPIRY = "expiry"  # gone after a date


class Index(StrEnum):
    """A range of values that the sweep can walk; a fact that time moves needs one."""

    BIRTHDAY = "birthday"
    LUNAR_BIRTHDAY = "lunar_birthday"
    FIRST_ARRIVAL = "first_arrival"
    LAST_CHECKOUT = "last_checkout"
    NEXT_ARRIVAL = "next_arrival"
    EMAIL_UNTIL = "email_until"
    SMS_UNTIL = "sms_until"
    WHATSAPP_UNTIL = "whatsapp_until"
    EMAIL_DELIVERED = "email_delivered"
    EMAIL_BOUNCED = "email_bounced"
    EMAIL_COMPLAINED = "email_complained"
    SMS_DELIVERED = "sms_delivered"
    SMS_BOUNCED = "sms_bounced"
    SMS_COMPLAINED = "sms_complained"
    WHATSAPP_DELIVERED = "whatsapp_delivered"
    WHATSAPP_BOUNCED = "whatsapp_bounced"
    WHATSAPP_COMPLAINED = "whatsapp_complained"
    EMAIL_WRITTEN = "email_written"
    EMAIL_CLICKED = "email_clicked"
    SMS_WRITTEN = "sms_written"
    SMS_CLICKED = "sms_clicked"
    WHATSAPP_WRITTEN = "whatsapp_written"
    WHATSAPP_CLICKED = "whatsapp_clicked"
    LAST_ANSWER = "last_answer"
    LAST_ENTERED = "last_entered"
    JOURNEY_ENTERED = "journey_entered"  # the journey that a border names
    LAST_CASE_CLOSED = "last_case_closed"
    HELD_SINCE = "held_since"  # of the segment that a border names
    STAY_CHECKED_OUT = "stay_checked_out"
    STAY_ENDED = "stay_ended"
    STAY_ARRIVAL = "stay_arrival"
    HOUSE_DATE = "house_date"  # the house's own date that a border names


class Values(StrEnum):
    """What the texts of a fact are: how the form offers them, and by which names people read them."""

    FREE = "free"  # read as they are; the form suggests those that occur
    HOTELS = "hotels"
    COUNTRIES = "countries"
    LANGUAGES = "languages"
    SEGMENTS = "segments"
    LISTS = "lists"
    JOURNEYS = "journeys"
    DATES = "dates"  # of the house's own: what a condition names, no fact's value
    TERMS = "terms"  # of `Fact.terms`


@dataclass(frozen=True)
class Fact:
    """`sql` and `python`: its value, given twice; a test holds them equal. `sample`: a value that a rule may give.

    `where`: the keys by which it may be narrowed; `needs`: those it cannot do without. `turn`: how time moves it;
    `moved`: why a guest entered or left a segment when time alone moved it. `index`, `window_index`, `filtered_index`,
    `channel_index`: the index that finds who crosses a border of it: as it is, in a window, narrowed to some stays, by
    the channel it needs. `rolls_days`: a stay that ended so many days ago may count no more. `always_known`: never
    missing. `counts_stays`: a guest of too few stays in all crosses no border of it.
    """

    name: str
    kind: Kind
    subject: Subject
    label: str
    clause: Clause
    sql: Sql
    python: Evaluate
    sample: Plain
    unit: Unit | None = None
    values: Values = Values.FREE
    terms: type[Term] | None = None
    hint: str = ""
    moved: str = ""
    always_known: bool = False
    where: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    turn: Turn | None = None
    index: Index | None = None
    filtered_index: Index | None = None
    window_index: Index | None = None
    channel_index: Mapping[str, Index] = field(default_factory=dict)
    counts_stays: bool = False
    rolls_days: int | None = None

    def index_for(self, where: Where) -> Index | None:
        """The index that finds who crosses a border; None where time does not move the fact, or none finds them."""
        if where.window_days is not None:
            return self.window_index
        if "channel" in self.needs:
            return self.channel_index.get(where.channel[0])
        return self.filtered_index if self.where & STAY_FILTERS and where.narrows() else self.index
