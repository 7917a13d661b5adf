"""One address is one contact point, by whichever key of the index it is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.messaging.store import point_aliases as store
from shared.crypto.purposes import Indexing
from shared.database.pool import Tx


def settle_points(tx: Tx, points: Iterable[dict[str, Any]]) -> None:
    """Names the contact points of a chunk of guests as they are known here, and moves what is known of them under
    another index. Of several, the index under the key in use names the point; one that was left for another leads
    there, so a late event moves nothing back.
    """
    given = list(points)
    several = [names for point in given if len(names := _names(point)) > 1]
    if several and not _are_settled(several, store.points_by_alias(tx, [name for names in several for name in names])):
        store.move_alone(tx)
    else:
        store.hold_points(tx)
    known = store.points_by_alias(tx, [name for point in given for name in _names(point)])
    moves: dict[str, str] = {}
    for point in given:
        names = _names(point)
        newest = [name for name in names if tx.keyring.is_newest(Indexing.POINT, name)]
        name = newest[0] if newest else point["point"]
        point["point"] = known.get(name, name)
        moves |= {name: point["point"] for name in names if known.get(name, name) != point["point"]}
    if moves:
        store.move_points(tx, moves)


def _names(point: dict[str, Any]) -> list[str]:
    return [point["point"], *(point.get("others") or ())]


def _are_settled(several: Iterable[Sequence[str]], known: Mapping[str, str]) -> bool:
    """Whether the names of each point lead to one already: then nothing moves, and nobody need wait."""
    return all(len({known.get(name, name) for name in names}) == 1 for names in several)


def points_known_as(tx: Tx, points: Sequence[str]) -> list[str]:
    """The contact points that these indexes name. None of them moves until this transaction ends."""
    store.hold_points(tx)
    known = store.points_by_alias(tx, points)
    return [known.get(point, point) for point in points]
