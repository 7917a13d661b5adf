"""What is watched apart from a hotel's own figures: each sender by purpose, and each source of a hotel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.console.rules.warnings.control import Point
from services.console.rules.warnings.signals import LOOKED_BACK, WATCHED
from shared.database.pool import Tx
from shared.vocabulary.signal import Signal


@dataclass(frozen=True)
class SenderCourse:
    """What came back or was reported of what a sender sent for a purpose, in order of time, the newest last."""

    sender: str
    purpose: str
    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class SourceCourse:
    """`gaps`: days from one day on which the source told of the hotel to the next, in order; `silent`: days since."""

    property: str
    source: str
    gaps: Sequence[int]
    silent: int


def senders(tx: Tx, yesterday: date) -> list[SenderCourse]:
    """Those that sent anything in the time looked back on; one without a name is called by its channel."""
    kind = WATCHED[Signal.SENDER]
    values = {"until": yesterday + timedelta(days=1), "days": kind.days, "points": kind.points}
    found: dict[tuple[str, str], tuple[str, list[Point]]] = {}
    for sender, purpose, name, part, whole in tx.execute(SENDERS, values):
        found.setdefault((sender, purpose), (name, []))[1].append(Point(float(part), float(whole)))
    return [SenderCourse(*whose, name, points) for whose, (name, points) in found.items()]


def sources(tx: Tx, yesterday: date) -> list[SourceCourse]:
    """Those that told of a hotel in the days looked back on; one that was silent for longer is given up."""
    query = """
        select property, source, array_agg(day order by day) from source_day where day > %(from)s and day <= %(to)s
        group by 1, 2 having max(day) > %(heard)s order by 1, 2
    """
    far, near = yesterday - timedelta(days=FAR_BACK), yesterday - timedelta(days=LOOKED_BACK)
    rows = tx.execute(query, {"from": far, "to": yesterday, "heard": near}).fetchall()
    return [
        SourceCourse(
            property=hotel,
            source=source,
            gaps=[(after - before).days for before, after in pairwise(days)],
            silent=(yesterday - days[-1]).days,
        )
        for hotel, source, days in rows
    ]


FAR_BACK = 400
SENDERS = """
    with blocks as (select place from generate_series(0, %(points)s::int) as place),
    counted as (
        select sender, purpose, (%(until)s::date - 1 - day) / %(days)s::int as place, sum(bounced + complained) as part,
            sum(sent) as whole
        from sender_day
        where day >= %(until)s::date - (%(points)s::int + 1) * %(days)s::int and day < %(until)s::date
        group by 1, 2, 3
    ), named as (
        select distinct on (sender, purpose) sender, purpose, coalesce(nullif(name, ''), channel) as name
        from sender_day order by sender, purpose, day desc
    )
    select one.sender, one.purpose, named.name, coalesce(part, 0), coalesce(whole, 0)
    from (select distinct sender, purpose from counted) as one cross join blocks
    join named on (named.sender, named.purpose) = (one.sender, one.purpose)
    left join counted on (counted.sender, counted.purpose, counted.place) = (one.sender, one.purpose, blocks.place)
    order by one.sender, one.purpose, blocks.place desc
"""
