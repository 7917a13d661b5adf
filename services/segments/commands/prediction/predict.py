"""Once a month: what is to be expected of the year to come, and how the same would have gone a while ago."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.segments.commands.prediction.asking import Scores, scores_of
from services.segments.queries.prediction.predicted import Tested
from services.segments.queries.prediction.visitors import Visitors, anybody_came, first_visit, visitors
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Database, Tx
from shared.vocabulary.window import Span, window_of

AHEAD = 365
MOST_TOLD_APART = 4
"""Visits before: guests of more are one line."""
HOUR = time(3, 30)  # UTC


@dataclass(frozen=True)
class Made:
    as_of: date
    split: date
    guests: int
    scores: Scores
    tests: Sequence[Tested]
    currency: str


def next_prediction(tx: Tx) -> datetime | None:
    """At once where there is none and guests have come; else on the first of the month."""
    row = tx.execute("select max(as_of) from prediction").fetchone()
    if row and row[0]:
        return datetime.combine(window_of(Span.MONTH, row[0]).until, HOUR, UTC)
    return datetime.min.replace(tzinfo=UTC) if anybody_came(tx) else None


def predict(database: Database, now: datetime) -> Made | None:
    """The child computes while no transaction is open. Done twice on a day, the first counts."""
    as_of = now.astimezone(UTC).date()
    with database.transaction() as tx:
        began = first_visit(tx)
        if began is None:
            return None
        split = split_of(began, as_of)
        then, today = visitors(tx, split, as_of), visitors(tx, as_of, as_of)
        currency = load_currencies(tx).reporting
    tests = compared(then, scores_of(then, (as_of - split).days))
    made = Made(as_of, split, len(today), scores_of(today, AHEAD), tests, currency)
    with database.transaction() as tx:
        keep(tx, made, now)
    return made


def split_of(began: date, as_of: date) -> date:
    """A third of what is known is kept for the test, a year at most."""
    return as_of - min(timedelta(days=AHEAD), (as_of - began) / 3)


def compared(guests: Visitors, scores: Scores) -> list[Tested]:
    """Predicted beside came, by how often guests had come before."""
    if scores.why is not None:
        return []
    count, predicted, came = ([0.0] * MOST_TOLD_APART for _ in range(3))
    for again, expected, after in zip(guests.again, scores.columns[1], guests.came, strict=True):
        place = min(int(again), MOST_TOLD_APART - 1)
        count[place] += 1
        predicted[place] += expected
        came[place] += after
    return [
        Tested(place + 1, int(count[place]), predicted[place], int(came[place]))
        for place in range(MOST_TOLD_APART)
        if count[place]
    ]


def keep(tx: Tx, made: Made, now: datetime) -> None:
    alive, visits, _, worth = map(sum, made.scores.columns) if made.scores.columns else (0.0,) * 4
    kept = tx.execute(
        """
        insert into prediction
            (as_of, counted_at, split, ahead, guests, why, parameters, alive, visits, worth, currency)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            *(made.as_of, now, made.split, AHEAD, made.guests, made.scores.why, json.dumps(made.scores.parameters)),
            *(alive, visits, worth, made.currency),
        ],
    )
    if kept.rowcount:
        tx.execute(
            """
            insert into prediction_test (as_of, before, guests, predicted, came)
            select %s, * from unnest(%s::int[], %s::int[], %s::float8[], %s::int[])
            """,
            [
                made.as_of,
                *([getattr(one, name) for one in made.tests] for name in ("before", "guests", "predicted", "came")),
            ],
        )
