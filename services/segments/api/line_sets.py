"""A set of lines of a bulk: those that can be read are entered together, each of the others is refused alone.

Where the set cannot be entered, it is entered in halves under savepoints, until what fails alone is refused alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from services.segments.commands.reservations.one_by_one import REFUSED
from shared.bus.set_aside import work_in_halves
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.api.lines import Line

T = TypeVar("T")
ELSEWHERE = "This key is for other hotels, or there is no hotel with this code."


def entered(
    tx: Tx, some: Sequence[Line], read_one: Callable[[Any], T], enter: Callable[[list[T]], Sequence[Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """`read_one`: raises `InputError`. `enter`: the outcomes of what was read, in its order."""
    rows: dict[int, T] = {}
    refused: dict[int, Mapping[str, str]] = {}
    for number, said in some:
        try:
            if isinstance(said, Exception):
                raise InputError(problems={"": f"The line is {said}."})
            rows[number] = read_one(said)
        except InputError as error:
            refused[number] = error.problems
    outcomes: dict[int, Mapping[str, Any]] = {}

    def work(several: Sequence[tuple[int, T]]) -> None:
        found = enter([row for _, row in several])
        outcomes.update(zip((number for number, _ in several), found, strict=True))

    for (number, _), reason in work_in_halves(tx, list(rows.items()), work):
        refused[number] = {"": reason}
    return [
        {"line": number, "outcome": REFUSED, "errors": dict(refused[number])}
        if number in refused
        else {"line": number, **outcomes[number]}
        for number, _ in some
    ]


def counted(outcomes: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """By outcome how many, as the trail tells of it."""
    return dict(Counter(str(one["outcome"]) for one in outcomes))
