"""Guests in whose row of `guest_search` every word of a question is found: whole words before beginnings before slips.

Each step takes `MOST` guests at most, so that a search for a name that thousands bear costs no more than another. What
is taken is not sorted further than that: whoever finds too many adds a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from services.segments.rules.search import parts
from services.segments.rules.search.question import Asked, Kind, Reading
from services.segments.rules.search.spellings import begun, piece, whole, with_a_slip
from services.segments.store.finding.search_rows import any_due
from services.segments.store.plans import by_index
from shared.access.scope import Scope
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx

MOST = 1_000
ENOUGH = 26  # guests after whom nothing is looked for that is less like the question: a page and one

Pieces = Sequence[int]


class Step(IntEnum):
    EXACT = 0  # the whole address or number
    WHOLE = 1
    BEGUN = 2
    SLIP = 3


@dataclass(frozen=True)
class Within:
    """Who is looked for among: SQL on `guest g` and `guest_facts f`, its values, and the expression of the order."""

    conditions: Sequence[str]
    values: Mapping[str, Any]
    order: str
    scope: Scope
    contacts: bool  # parts of addresses and numbers are looked for too
    by_likeness: bool = True  # before the order
    reservations: bool = True  # parts of reservation numbers are looked for too


@dataclass(frozen=True, order=True)
class Match:
    step: Step
    order: str
    id: UUID

    @property
    def key(self) -> str:
        return f"{self.step.value}|{self.order}|{self.id}"


def matches(tx: Tx, reading: Reading, within: Within) -> list[Match]:
    """More than `MOST` where there are more; they are not compared yet (`rules/search/reasons`)."""
    found: dict[UUID, Match] = {}
    with by_index(tx):  # where a word is frequent, the next one may be rare
        for step in (Step.WHOLE, Step.BEGUN, Step.SLIP):
            if len(found) > MOST or (step is Step.SLIP and len(found) >= ENOUGH):
                break
            for match in _step(tx, step, reading, within):
                found.setdefault(match.id, match)
    return sorted(found.values())


def these(tx: Tx, guests: Iterable[UUID], within: Within) -> list[Match]:
    """Those of these guests who are among them."""
    return _found(tx, Step.EXACT, "guest g", "g.id = any(%(known)s::uuid[])", {"known": list(guests)}, within)


def _step(tx: Tx, step: Step, reading: Reading, within: Within) -> list[Match]:
    conditions, values = list[str](), dict[str, Any]()
    for place, asked in enumerate(reading):
        ways = list(_ways(asked, step, tx.keyring, within))
        if not ways:
            return []
        condition, pieces = _condition(f"word{place}", ways)
        conditions.append(condition)
        values |= pieces
    if not within.scope.everywhere:
        conditions.append("q.found_by && %(theirs)s::int[]")
        values["theirs"] = [parts.hotel_piece(code) for code in within.scope.codes]
    # `offset 0`: the few that are wanted never make the planner walk over everybody in the hope to meet them soon
    rows = f"(select guest_id from guest_search q where {' and '.join(conditions)} offset 0) q"
    found = _found(tx, step, f"{rows} join guest g on g.id = q.guest_id", "true", values, within)
    return found + (_not_yet_written(tx, reading, within) if step is Step.BEGUN else [])


def _condition(name: str, ways: Sequence[Pieces]) -> tuple[str, dict[str, Any]]:
    single = [way[0] for way in ways if len(way) == 1]
    several = [way for way in ways if len(way) > 1]
    found = [f"q.found_by && %({name})s::int[]"] if single else []
    found += [f"q.found_by @> %({name}_{place})s::int[]" for place in range(len(several))]
    values = {name: single} | {f"{name}_{place}": list(way) for place, way in enumerate(several)}
    return f"({' or '.join(found)})", values


def _ways(asked: Asked, step: Step, keyring: KeyRing, within: Within) -> Iterable[Pieces]:
    """Of each way the pieces that a row must have, all of them."""
    if asked.kind is Kind.NAME:
        yield from ((one,) for one in whole(asked.text))
        if step is Step.WHOLE:
            return
        yield from ((one,) for one in begun(asked.text))
        if step is Step.SLIP:
            yield from ((one,) for one in with_a_slip(asked.text))
    number = parts.plain_number(asked.text) if within.reservations else ""
    if asked.kind is not Kind.ADDRESS and number and (asked.kind is Kind.NUMBER or len(number) >= parts.IN_A_ROW):
        yield [piece("#", part) for part in parts.pieces_of_number(number)]
    if within.contacts:
        yield from _ways_to_points(asked, keyring)


def _ways_to_points(asked: Asked, keyring: KeyRing) -> Iterable[Pieces]:
    """A row is written under one key: while keys are turned, the pieces are looked for under each."""
    if asked.kind is Kind.NUMBER and not any(c.isalpha() for c in asked.text):
        digits = parts.digits_of(asked.text)
        endings = {parts.ending_in(one) for one in (digits, digits.lstrip("0"))}
        yield from ((one,) for ending in endings if ending for one in keyring.pieces("sms_part", ending))
    words = [keyring.pieces("email_part", word) for word in parts.beginnings_in(asked.text)]
    if words and asked.kind is Kind.ADDRESS:
        yield from zip(*words, strict=True)
    else:
        yield from ((one,) for under in words for one in under)


def _found(tx: Tx, step: Step, table: str, condition: str, values: Mapping[str, Any], within: Within) -> list[Match]:
    of_facts = any("f." in one for one in (*within.conditions, within.order))
    facts = "join guest_facts f on f.guest_id = g.id" if of_facts else ""
    query = f"""
        select {within.order}::text, g.id from {table} {facts}
        where {" and ".join([condition, *within.conditions])} limit {MOST + 1}
    """
    return [Match(step, order, id) for order, id in tx.execute(query, {**within.values, **values})]


def _not_yet_written(tx: Tx, reading: Reading, within: Within) -> list[Match]:
    """Guests of whom something has just changed are found by the beginnings of their names, as they stand."""
    words = [asked.text for asked in reading]
    if any(asked.kind is not Kind.NAME for asked in reading) or not any_due(tx):
        return []
    row = tx.execute("select folded(%s)", [" ".join(words)]).fetchone()
    pieces = " & ".join(f"'{piece}':*" for piece in str(row[0] if row else "").split())
    condition = "words_of(g.name_key) @@ %(pieces)s::tsquery"
    return _found(tx, Step.BEGUN, "guest g", condition, {"pieces": pieces}, within)
