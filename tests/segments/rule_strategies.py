"""Generated rules, guests and stays; values lie close together so that borders are met often."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from services.segments.facts import FACTS
from services.segments.facts.fact import Fact, Kind, Turn
from services.segments.facts.families.ranks import MEASURES
from services.segments.facts.guest_view import PredictionView
from services.segments.facts.where import Where
from services.segments.rules.language.tree import LISTS, OPS, Op
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import WITH_POINTS, Channel
from shared.vocabulary.stay import Along, Party, Weekday
from tests.segments.audience_people import Converted, Person, Stayed

TODAY = date(2016, 2, 29)
TEXTS = (
    "en",
    "E",
    "family",
    "5",
    "complaint",
    "BAR",
    "de",
    "PT",
    "gold",
    "LIS",
    "ALG",
    "Direct",
    "TA/TO",
    "A",
    "B",
    "express",
    "100%",
    "o'x\\y{}",
    "中文",
)
FILTERS = {
    "property": ("LIS", "ALG"),
    "channel": ("Direct", "TA/TO"),
    "room_type": ("A", "B"),
    "market_segment": ("Direct", "Groups"),
    "rate_plan": ("BAR", "CORP"),
    "company": ("Acme",),
    "party": tuple(map(str, Party)),
    "along": tuple(map(str, Along)),
    "weekday": tuple(map(str, Weekday)),
}
CHANNELS = tuple(map(str, Channel))
HOUSE_DATES = ("wedding", "membership-ends", "jubilee")
"""The first comes again every year, the last by the lunar calendar."""
"""The first comes again every year."""
texts = st.sampled_from(TEXTS)
days = st.integers(-3, 400).map(lambda back: TODAY - timedelta(days=back))
amounts = st.decimals(-50, 500, places=2)


def plain(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.kind is Kind.TRUTH:
        return st.booleans()
    if fact.kind in (Kind.TEXT, Kind.TEXTS, Kind.MEMBERSHIP):
        return texts
    if fact.kind is Kind.MONEY:
        return st.one_of(st.integers(0, 400), st.sampled_from([0.5, 1, 1.25, 99.99]))
    if fact.turn in (Turn.SINCE, Turn.UNTIL, Turn.BIRTHDAY, Turn.ANNIVERSARY):
        return st.integers(-5, 370)
    if fact.name in ("random", *MEASURES):
        return st.integers(-1, 101)
    return st.integers(-1, 60) if fact.name == "age" else st.integers(-1, 6)


@st.composite
def leaf(draw: st.DrawFn) -> dict[str, Any]:
    fact = FACTS[draw(st.sampled_from(sorted(FACTS)))]
    op = draw(st.sampled_from(OPS[fact.kind]))
    made: dict[str, Any] = {"fact": fact.name, "op": str(op), "value": draw(value(fact, op))}
    if fact.where:
        made["where"] = draw(narrowed(fact))
    return made


def value(fact: Fact, op: Op) -> st.SearchStrategy[Any]:
    if op is Op.KNOWN:
        return st.just(True)
    if op is Op.BETWEEN:
        return st.lists(plain(fact), min_size=2, max_size=2).map(sorted)
    return st.lists(plain(fact), min_size=1, max_size=3) if op in LISTS else plain(fact)


@st.composite
def narrowed(draw: st.DrawFn, fact: Fact) -> dict[str, Any]:
    if "date" in fact.needs:
        since = {"since": draw(days).isoformat()} if "since" in fact.where else {}
        return {"date": draw(st.sampled_from(HOUSE_DATES)), **since}
    if "journey" in fact.needs:
        return {"journey": draw(texts)}
    if fact.needs:
        return {"channel": draw(st.sampled_from(CHANNELS))}
    if "for_days" in fact.where:
        return draw(st.sampled_from([{}, {"for_days": 30}]))
    made: dict[str, Any] = {}
    for name, values in FILTERS.items():
        if draw(st.integers(0, 4)) == 0:
            made[name] = draw(st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1)))
    if "min_nights" in fact.where and draw(st.integers(0, 3)) == 0:
        made |= draw(st.sampled_from([{"min_nights": 1}, {"max_nights": 2}, {"min_nights": 2, "max_nights": 3}]))
    if "since" in fact.where:
        window = draw(st.integers(0, 4))
        if window == 1:
            made["since"] = draw(days).isoformat()
        elif window == 3:
            made["until"] = draw(days).isoformat()
        elif window == 4:
            made["since"], made["until"] = (day.isoformat() for day in sorted((draw(days), draw(days))))
        elif window == 2 and fact.index_for(Where(window_days=1)):
            made["window_days"] = draw(st.sampled_from([1, 30, 90, 365]))
    return made


rules: st.SearchStrategy[dict[str, Any]] = st.recursive(
    leaf(),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda several: {"all": several}),
        st.lists(parts, min_size=1, max_size=3).map(lambda several: {"any": several}),
        parts.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)

births = st.one_of(
    st.none(),
    st.sampled_from([date(1900, 1, 1), date(1980, 2, 29), date(1984, 2, 28), date(1999, 3, 1), date(1, 12, 31)]),
    st.integers(0, 370).map(lambda ahead: date(1979, 1, 1) + timedelta(days=ahead)),
)
house_days = st.one_of(
    st.sampled_from([date(2000, 2, 29), date(2016, 2, 28), TODAY, date(2018, 3, 2)]),
    st.sampled_from([date(2017, 8, 5), date(2014, 1, 30)]),  # in a leap month, and the last of a twelfth
    st.integers(-5, 400).map(lambda back: TODAY - timedelta(days=back)),
)
states = st.sampled_from(["express", "existing_customer", "unknown", "never_asked", "refused"])
untils = st.one_of(st.none(), st.integers(-2, 2).map(lambda ahead: TODAY + timedelta(days=ahead)))
receipts = st.tuples(
    st.sampled_from(CHANNELS),
    st.sampled_from(["delivered", "bounced", "complained", "sent", "clicked"]),
    st.integers(-3, 12).map(lambda back: TODAY - timedelta(days=back)),
)
back = st.integers(-3, 40).map(lambda back: TODAY - timedelta(days=back))
CASES = tuple(map(str, CaseKind))
predictions = st.one_of(
    st.none(),
    st.builds(
        PredictionView,
        alive=st.one_of(st.none(), st.sampled_from([Decimal("0.5"), Decimal(1)])),
        visits=st.sampled_from([Decimal("0.5"), Decimal("1.25"), Decimal("99.99")]),
        worth=st.one_of(st.none(), st.decimals(0, 400, places=2)),
        month=st.sampled_from([None, "5", "12"]),
    ),
)


@st.composite
def person(draw: st.DrawFn, name: str) -> Person:
    maybe = st.one_of(st.none(), texts)
    kinds = st.sampled_from(["personal", "masked", "agency", "bad"])
    return Person(
        name,
        birth_date=draw(births),
        language=draw(maybe),
        country=draw(st.sampled_from([None, "PT", "DE"])),
        region=draw(maybe),
        tier=draw(maybe),
        title=draw(maybe),
        home_property=draw(maybe),
        tags=tuple(draw(st.sets(texts, max_size=3))),
        do_not_contact=draw(st.sampled_from([None, None, None, "asked"])),
        points=tuple(draw(st.sets(st.tuples(st.sampled_from(tuple(map(str, WITH_POINTS))), kinds), max_size=3))),
        consents=tuple((channel, draw(states), draw(untils)) for channel in draw(st.sets(st.sampled_from(CHANNELS)))),
        offers=draw(st.frozensets(st.tuples(texts, st.sampled_from(["given", "redeemed", "referred"])), max_size=3)),
        receipts=tuple(draw(st.lists(receipts, max_size=4))),
        praised=draw(st.frozensets(st.sampled_from(("food", "staff")), max_size=2)),
        answers=tuple(draw(st.lists(st.tuples(back, st.integers(0, 10)), max_size=2))),
        cases=tuple(draw(st.lists(st.tuples(st.sampled_from(CASES), st.booleans(), back), max_size=2))),
        loyalty_points=draw(st.sampled_from([None, None, 0, 3, 1000])),
        lists=tuple(draw(st.sets(texts, max_size=2))),
        entered=tuple(draw(st.lists(st.tuples(texts, back), max_size=2))),
        prediction=draw(predictions),
        house_days=draw(st.dictionaries(st.sampled_from(HOUSE_DATES), house_days, max_size=3)),
    )


some = st.one_of(st.none(), amounts)
conversions = st.one_of(st.none(), st.builds(Converted, some, some, st.sampled_from([None, "CNY"])))


@st.composite
def stay(draw: st.DrawFn, guest: str, reservation: str) -> Stayed:
    return Stayed(
        guest,
        reservation,
        arrival=draw(days),
        nights=draw(st.integers(0, 3)),
        status=draw(st.sampled_from(["checked_out", "checked_out", "booked", "cancelled", "no_show", "checked_in"])),
        house=draw(st.sampled_from(FILTERS["property"])),
        channel=draw(st.sampled_from(FILTERS["channel"])),
        room_type=draw(st.sampled_from(FILTERS["room_type"])),
        market_segment=draw(st.sampled_from(FILTERS["market_segment"])),
        revenue=draw(st.one_of(st.just(Decimal(100)), amounts)),
        converted=draw(conversions),
        lead_days=draw(st.integers(0, 40)),
        muted=draw(st.integers(0, 7)) == 0,
        rate_plan=draw(st.sampled_from([None, "BAR", "CORP"])),
        company=draw(st.sampled_from([None, "Acme", "A & B"])),
        adults=draw(st.sampled_from([None, 0, 1, 2, 3])),
        children=draw(st.sampled_from([None, 0, 1])),
        companions=draw(st.sampled_from([(), ("Maria Sá",), ("Maria Sá", "João Sá")])),
    )


@st.composite
def household(draw: st.DrawFn, number: int) -> tuple[Person, list[Stayed]]:
    name = f"guest {number}"
    count = draw(st.integers(0, 4))
    return draw(person(name)), [draw(stay(name, f"R{number}-{place}")) for place in range(count)]


households = st.integers(1, 5).flatmap(lambda size: st.tuples(*(household(number) for number in range(size))))
