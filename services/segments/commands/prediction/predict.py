"""Once a month: what is to be expected of the year to come, of each guest and in sum, and how the same would have gone
a while ago.

1. Guests are read, those of a while ago and those of today; the child computes while no transaction is open.
2. What is expected of each guest is kept, a range of guests a transaction; whom that carries across a border of a rule
   is evaluated with it. Killed here, all of it is made again: what is kept twice is the same.
3. The sums are kept: from then on the prediction is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isnan
from uuid import UUID

from services.segments.commands.evaluation.publish_changes import evaluate_and_publish
from services.segments.commands.evaluation.turns import time_reason
from services.segments.commands.prediction.asking import Scores, scores_of
from services.segments.commands.prediction.summing import compared, months_met, sums_by_hotel
from services.segments.facts.fact import Kind
from services.segments.facts.families.prediction import COLUMN_OF
from services.segments.queries.prediction.visitors import Visitors, anybody_came, first_visit, visitors
from services.segments.rules.language.tree import Leaf, leaves
from services.segments.store.evaluation import facts, rulesets
from services.segments.store.evaluation.statement import Asked, Turn
from services.segments.store.money.currencies import load_currencies
from services.segments.store.prediction.guests import Border, Scored, forget_older, keep_scored
from services.segments.store.prediction.sums import Made, keep_made
from shared.database.pool import Database, Tx
from shared.localtime import local_date
from shared.vocabulary.month import Month
from shared.vocabulary.window import Span, window_of

AHEAD = 365
A_RANGE = 20_000
HOUR = time(3, 30)  # UTC
REASON = "chance_alive"


def next_prediction(tx: Tx) -> datetime | None:
    """At once where there is none and guests have come; else on the first of the month."""
    row = tx.execute("select max(as_of) from prediction").fetchone()
    if row and row[0]:
        return datetime.combine(window_of(Span.MONTH, row[0]).until, HOUR, UTC)
    return datetime.min.replace(tzinfo=UTC) if anybody_came(tx) else None


def predict(database: Database, now: datetime) -> Made | None:
    """Done twice on a day, the first counts."""
    as_of = now.astimezone(UTC).date()
    with database.transaction() as tx:
        began = first_visit(tx)
        if began is None:
            return None
        split = split_of(began, as_of)
        then, today = visitors(tx, split, as_of), visitors(tx, as_of, as_of)
        currency = load_currencies(tx).reporting
    tried, scores = scores_of(then, (as_of - split).days, split), scores_of(today, AHEAD, as_of)
    made = Made(
        *(as_of, split, AHEAD, scores.why, scores.parameters),
        by_hotel=sums_by_hotel(today, scores),
        tests=compared(then, tried),
        months=months_met(then, tried),
        currency=currency,
    )
    for some in scored_ranges(today, scores):
        with database.transaction() as tx:
            keep_range(tx, as_of, some, now)
    while True:
        with database.transaction() as tx:
            if not forget_range(tx, as_of, now):
                break
    with database.transaction() as tx:
        keep_made(tx, made, load_currencies(tx), now)
    return made


def split_of(began: date, as_of: date) -> date:
    """A third of what is known is kept for the test, a year at most."""
    return as_of - min(timedelta(days=AHEAD), (as_of - began) / 3)


def scored_ranges(guests: Visitors, scores: Scores) -> Iterator[list[Scored]]:
    """By id, as they were read."""
    if scores.why is not None:
        return
    alive, visits, _, worth, month = scores.columns
    for start in range(0, len(guests), A_RANGE):
        yield [
            Scored(
                guests.guest(place),
                guests.hotel(place),
                alive[place] if guests.again[place] else None,
                visits[place],
                None if isnan(worth[place]) else worth[place],
                int(month[place]) or None,
            )
            for place in range(start, min(start + A_RANGE, len(guests)))
        ]


def keep_range(tx: Tx, as_of: date, scored: Sequence[Scored], now: datetime) -> None:
    rules = rulesets.rules_for_evaluation(tx)
    _evaluate(tx, rules, keep_scored(tx, as_of, scored, borders_in(rules)), now)


def forget_range(tx: Tx, as_of: date, now: datetime) -> bool:
    """Of whom nothing was predicted this time: nothing is known of them any more."""
    rules = rulesets.rules_for_evaluation(tx)
    gone = forget_older(tx, as_of, A_RANGE)
    _evaluate(tx, rules, gone if borders_in(rules) else [], now)
    return bool(gone)


def borders_in(rules: rulesets.Ruleset) -> set[Border]:
    """The values with which rules compare what is predicted."""
    found: set[Border] = set()
    for rule in rules.rules.values():
        for leaf in leaves(rule):
            if column := COLUMN_OF.get(leaf.fact):
                found |= {Border(column, value) for value in _compared(leaf)}
    return found


def _compared(leaf: Leaf) -> list[Decimal]:
    """Of a month each, since any other may be meant; of what is asked only whether it is known, nought."""
    if leaf.entry.kind is Kind.TEXT:
        return [Decimal(month) for month in Month]
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return [Decimal(0) if isinstance(value, bool) else Decimal(str(value)) for value in values]


def _evaluate(tx: Tx, rules: rulesets.Ruleset, guests: Sequence[UUID], now: datetime) -> None:
    located = facts.lock_guests(tx, guests)
    days = {zone: local_date(now, zone) for zone in {one.zone for one in located}}
    turns = {zone: Turn(zone, day, now) for zone, day in days.items()}
    because = {zone: time_reason(REASON, day) for zone, day in days.items()}
    evaluate_and_publish(tx, rules, [Asked(one.guest_id, turns[one.zone], because[one.zone]) for one in located], now)
