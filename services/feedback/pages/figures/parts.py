"""The score of parts of a hotel's answers: by room type, and by the segments that somebody picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request

from services.feedback.queries import answer_parts as queries
from services.feedback.rules.nps import Nps
from shared.access.people import Hotel
from shared.database.pool import Tx
from shared.web.site import ask_neighbours

NAMES = "/segments/segments/names"
MOST_PICKED, MOST_ROOM_TYPES = 6, 15
NpsOf = Sequence[tuple[str, Nps]]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """By hotel. `other_rooms`: of the room types with fewest answers together, how many and their score. `offered`:
    segments by key; the picked ones are among them."""

    rooms: Mapping[str, NpsOf] = field(default_factory=dict)
    other_rooms: Mapping[str, tuple[int, Nps]] = field(default_factory=dict)
    segments: Mapping[str, NpsOf] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    picked: Sequence[str] = ()


def segment_names() -> Mapping[str, str]:
    """By key; empty where segments does not answer. Asked before the transaction begins."""
    answer = ask_neighbours([NAMES])[NAMES]
    rows: Any = answer.get("segments") if isinstance(answer, dict) else None
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row["key"]): str(row.get("name") or row["key"]) for row in found if "key" in row}


def picked_segments() -> list[str]:
    return list(dict.fromkeys(key for key in request.args.getlist("segment") if key))[:MOST_PICKED]


def parts(tx: Tx, hotels: Sequence[Hotel], first: Mapping[str, date], names: Mapping[str, str]) -> Parts:
    """Of the last voices since `first`, by hotel the day from which on they count."""
    there = queries.segments_answered(tx, first)
    offered = dict(sorted(((key, names.get(key, key)) for key in there), key=lambda one: one[1].casefold()))
    picked = [key for key in picked_segments() if key in offered]
    rooms = _by_hotel(queries.by_part(tx, queries.ROOM_TYPE, first))
    segments = _by_hotel(queries.by_part(tx, queries.SEGMENT, first, picked)) if picked else {}
    codes = [hotel.code for hotel in hotels if any(part for part, _ in rooms.get(hotel.code, ()))]
    return Parts(
        rooms={code: rooms[code][:MOST_ROOM_TYPES] for code in codes},
        other_rooms={
            code: (len(rest), _sum([nps for _, nps in rest]))
            for code in codes
            if (rest := rooms[code][MOST_ROOM_TYPES:])
        },
        segments=segments,
        offered=offered,
        picked=picked,
    )


def _by_hotel(found: Sequence[queries.Part]) -> dict[str, list[tuple[str, Nps]]]:
    by_hotel: dict[str, list[tuple[str, Nps]]] = {}
    for one in found:
        nps = Nps(one.promoters, one.passives, one.detractors)
        by_hotel.setdefault(one.property, []).append((one.part, nps))
    return by_hotel


def _sum(several: Sequence[Nps]) -> Nps:
    return Nps(
        sum(one.promoters for one in several),
        sum(one.passives for one in several),
        sum(one.detractors for one in several),
    )
