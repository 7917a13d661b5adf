"""Under which occurrence an entrance stands, where its plain name belongs to another: two hotels' reservations may have
one number, and a birth date may be mended across New Year.

An occurrence is a guest's own: the guest, the journey and the occurrence make an enrolment and its messages. What an
enrolment is called never changes, so that it is found again whatever it would be called today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.campaigns.rules.enrolments import Enrolment
from services.campaigns.rules.entries import KEPT, Entrance
from services.campaigns.steps.anchors import OF_GUESTS
from services.campaigns.steps.entries import Occurrence
from shared.rows import row

ONE_BIRTHDAY = timedelta(days=183)  # two days of the year that lie nearer are one birthday, told twice
OF_STAYS = (f"{Occurrence.STAY}:", f"{Occurrence.LAPSE}:")


@row
class Taken:
    """An occurrence that has an enrolment. `day`: of a recurring date."""

    occurrence: str
    stay_id: UUID | None
    day: date | None


def named_apart(entrances: Sequence[Entrance], present: Iterable[Enrolment]) -> list[Entrance]:
    """The entrances, each under the occurrence of the enrolment that is its own, else under one that is free."""
    taken: dict[tuple[str, UUID], list[Taken]] = defaultdict(list)
    for one in present:
        taken[one.journey, one.guest_id].append(Taken(one.occurrence, one.stay_id, one.day))
    found = []
    for entrance in entrances:
        theirs = taken[entrance.live.key, entrance.guest_id]
        named = replace(entrance, occurrence=_occurrence(entrance, theirs))
        theirs.append(Taken(named.occurrence, named.stay_id, day_of(entrance)))
        found.append(named)
    return found


def apart(entrance: Entrance) -> str:
    """A name that no other stay's occurrence has."""
    return f"{entrance.occurrence} {entrance.stay_id}"


def day_of(entrance: Entrance) -> date | None:
    day = next((entrance.data[name] for name in (*OF_GUESTS, KEPT) if entrance.data.get(name)), None)
    return date.fromisoformat(day) if day else None


def _occurrence(entrance: Entrance, taken: Sequence[Taken]) -> str:
    if entrance.occurrence.startswith(OF_STAYS):
        return _of_stay(entrance, taken)
    if day := day_of(entrance):
        return _of_day(entrance, day, taken)
    return entrance.occurrence


def _of_stay(entrance: Entrance, taken: Sequence[Taken]) -> str:
    kind = entrance.occurrence.partition(":")[0]
    for one in taken:
        if one.stay_id == entrance.stay_id and one.occurrence.startswith(f"{kind}:"):
            return one.occurrence
    others = {one.occurrence for one in taken if one.stay_id}
    names = (entrance.occurrence, f"{entrance.occurrence} ({entrance.property})")
    return next((name for name in names if name not in others), apart(entrance))


def _of_day(entrance: Entrance, day: date, taken: Sequence[Taken]) -> str:
    days = [(abs(day - one.day), one.occurrence) for one in taken if one.day]
    if days and min(days)[0] < ONE_BIRTHDAY:
        return min(days)[1]
    another = any(one.occurrence == entrance.occurrence and one.day for one in taken)
    kind = entrance.occurrence.rpartition(":")[0]
    return f"{kind}:{day.isoformat()}" if another else entrance.occurrence
