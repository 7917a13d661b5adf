"""Thirty segments that hotels start from: one click makes a draft of it, and nothing is saved before its marketer does.

A name is what the segment will be called in its reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.vocabulary.term import N_, Term

Rule = dict[str, Any]


class Theme(Term):
    """The groups in which they are offered."""

    BACK = "back", N_("Bring guests back")
    AHEAD = "ahead", N_("Before the stay")
    BEST = "best", N_("Your best guests")
    KINDS = "kinds", N_("Kinds of travellers")
    DATES = "dates", N_("Days of the year")
    REACH = "reach", N_("Reach and attention")
    ANSWERS = "answers", N_("What guests said")


@dataclass(frozen=True)
class Starter:
    key: str
    theme: Theme
    name: str
    rule: Rule


def asks(fact: str, op: str, value: Any, **where: Any) -> Rule:
    leaf = {"fact": fact, "op": op, "value": value}
    return {**leaf, "where": where} if where else leaf


def both(*rules: Rule) -> Rule:
    return {"all": list(rules)}


ABSENT = (asks("bookings", "is", 0), asks("in_house", "is", False))
STAYED = asks("stays", "at_least", 1)
MAY_BE_WRITTEN_TO = asks("reachable", "is", True, channel="email")

STARTERS = (
    Starter(
        "away-6-months",
        Theme.BACK,
        N_("Not here for six months"),
        both(asks("last_checkout", "between", [180, 364]), *ABSENT),
    ),
    Starter(
        "away-a-year",
        Theme.BACK,
        N_("Not here for a year"),
        both(asks("last_checkout", "between", [365, 729]), *ABSENT),
    ),
    Starter(
        "once-only",
        Theme.BACK,
        N_("Came once, and not again"),
        both(asks("stays", "is", 1), asks("last_checkout", "at_least", 60), *ABSENT),
    ),
    Starter(
        "regulars-lost",
        Theme.BACK,
        N_("Regulars who stay away"),
        both(asks("stays", "at_least", 3), asks("last_checkout", "at_least", 180), *ABSENT),
    ),
    Starter(
        "cancelled-lately",
        Theme.BACK,
        N_("Cancelled, and did not book again"),
        both(asks("cancellations", "at_least", 1, window_days=60), *ABSENT),
    ),
    Starter(
        "agency-once",
        Theme.BACK,
        N_("Came by a booking site: win them for direct booking"),
        both(STAYED, {"not": asks("last_channel", "is", "Direct")}, *ABSENT),
    ),
    Starter("arriving-7-days", Theme.AHEAD, N_("Arriving within a week"), asks("next_arrival", "between", [0, 7])),
    Starter(
        "arriving-first-time",
        Theme.AHEAD,
        N_("Arriving for the first time"),
        both(asks("next_arrival", "between", [0, 14]), asks("stays", "is", 0)),
    ),
    Starter(
        "families-arriving",
        Theme.AHEAD,
        N_("Families arriving soon"),
        asks("next_arrival", "between", [0, 14], party="family"),
    ),
    Starter(
        "long-stays-ahead",
        Theme.AHEAD,
        N_("Long stays ahead"),
        asks("next_arrival", "between", [0, 30], min_nights=5),
    ),
    Starter("in-house", Theme.AHEAD, N_("In house now"), asks("in_house", "is", True)),
    Starter("top-spend", Theme.BEST, N_("Top 20 per cent by spend"), asks("spend_top", "at_most", 20)),
    Starter("top-nights", Theme.BEST, N_("Top 20 per cent by nights"), asks("nights_top", "at_most", 20)),
    Starter(
        "regulars-year", Theme.BEST, N_("Three stays or more in a year"), asks("stays", "at_least", 3, window_days=365)
    ),
    Starter("with-tier", Theme.BEST, N_("Members with a tier"), asks("tier", "known", True)),
    Starter("many-points", Theme.BEST, N_("Points to spend"), asks("points", "at_least", 1000)),
    Starter("families", Theme.KINDS, N_("Families"), asks("stays", "at_least", 1, party="family")),
    Starter("couples", Theme.KINDS, N_("Couples"), asks("stays", "at_least", 1, party="couple")),
    Starter(
        "business",
        Theme.KINDS,
        N_("Alone, and in the middle of the week"),
        asks("stays", "at_least", 1, party="single", weekday=["1", "2", "3"]),
    ),
    Starter(
        "weekend", Theme.KINDS, N_("Weekend guests"), asks("stays", "at_least", 1, weekday=["5", "6"], max_nights=3)
    ),
    Starter("long-stayers", Theme.KINDS, N_("Long stays"), asks("stays", "at_least", 1, min_nights=7)),
    Starter("early-bookers", Theme.KINDS, N_("Early bookers"), asks("lead_days", "at_least", 60)),
    Starter("last-minute", Theme.KINDS, N_("Last-minute bookers"), asks("lead_days", "at_most", 3)),
    Starter("birthday-month", Theme.DATES, N_("Birthday within 30 days"), asks("birthday_in", "between", [0, 30])),
    Starter(
        "round-age",
        Theme.DATES,
        N_("A round birthday ahead"),
        both(asks("birthday_in", "between", [0, 30]), asks("age", "in", [29, 39, 49, 59, 69, 79])),
    ),
    Starter(
        "newsletter",
        Theme.REACH,
        N_("Newsletter: may be written to, and not in the last week"),
        both(MAY_BE_WRITTEN_TO, {"not": asks("last_written", "at_most", 6, channel="email")}),
    ),
    Starter(
        "clicked-lately",
        Theme.REACH,
        N_("Opened a link in the last 30 days"),
        asks("last_clicked", "at_most", 30, channel="email"),
    ),
    Starter(
        "sleeping",
        Theme.REACH,
        N_("Written to, and never opened a link"),
        both(
            asks("last_written", "known", True, channel="email"),
            {"not": asks("last_clicked", "known", True, channel="email")},
        ),
    ),
    Starter(
        "promoters",
        Theme.ANSWERS,
        N_("Happy guests: nine or ten in the last answer"),
        both(asks("last_score", "at_least", 9), asks("last_answer", "at_most", 365)),
    ),
    Starter(
        "to-be-consoled",
        Theme.ANSWERS,
        N_("Let down: a low score or an open complaint"),
        {"any": [asks("last_score", "at_most", 6), asks("open_cases", "has", "complaint")]},
    ),
)
