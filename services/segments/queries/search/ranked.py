"""Guests in the order in which they are like a question, each compared before they are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.segments.queries.search.exact import by_points, by_reservation
from services.segments.queries.search.matches import MOST, Match, Step, Within, matches, these
from services.segments.queries.search.reasons import hits_of
from services.segments.rules.search.question import Reading, readings
from services.segments.rules.search.reasons import Hit, How
from services.segments.store.plans import plan_for_values
from shared.database.pool import Tx
from shared.errors import InputError

AT_ONCE = 50  # at first


@dataclass(frozen=True)
class Ranked:
    """`reading`: the words looked for, the likeliest where nobody is found. `too_many`: more than can be listed."""

    matches: Sequence[Match] = ()
    hits: Mapping[UUID, tuple[Hit, ...]] = field(default_factory=dict)
    reading: Reading = ()
    too_many: bool = False


def ranked(tx: Tx, text: str, within: Within, most: int, after: str = "") -> Ranked:
    """The first `most` behind the key of the last one seen, of the likeliest reading that finds anybody."""
    plan_for_values(tx)
    last = _match_of(after) if after else None
    if guests := by_points(tx, text):
        hit = Hit(text, How.EMAIL if "@" in text else How.PHONE)
        found = _behind(these(tx, guests, within), within, last)[:most]
        return Ranked(found, {match.id: (hit,) for match in found})
    reserved = by_reservation(tx, text, within.scope)
    known = these(tx, reserved, within) if reserved else []
    asked = readings(text)
    for reading in asked:
        others = matches(tx, reading, within)
        every = {match.id: match for match in [*others, *known]}
        found, hits = _compared(tx, _behind(list(every.values()), within, last), reading, within, most)
        if found or (every and last):
            return Ranked(found, hits, reading, len(others) > MOST)
    return Ranked(reading=asked[0] if asked else ())


def _behind(found: list[Match], within: Within, last: Match | None) -> list[Match]:
    """In their order. Where another one is wished, likeness is none."""
    if not within.by_likeness:
        found = [replace(match, step=Step.EXACT) for match in found]
    return sorted(match for match in found if last is None or match > last)


def _compared(
    tx: Tx, found: list[Match], reading: Reading, within: Within, most: int
) -> tuple[list[Match], dict[UUID, tuple[Hit, ...]]]:
    """The first `most` of them that are what the index takes them for."""
    kept, hits = list[Match](), dict[UUID, tuple[Hit, ...]]()
    start, size = 0, AT_ONCE
    while start < len(found) and len(kept) < most:
        some = found[start : start + size]
        hits |= hits_of(tx, [match.id for match in some], reading, within)
        kept += [match for match in some if match.id in hits]
        start, size = start + size, 2 * size  # where few of the first are, few of the next will be
    return kept[:most], hits


def _match_of(key: str) -> Match:
    step, _, rest = key.partition("|")
    order, _, id = rest.rpartition("|")
    try:
        return Match(Step(int(step)), order, UUID(id))
    except ValueError as error:
        raise InputError(problems={"after": "the key of a page expected"}) from error
