"""One address is one contact point, by whichever key of the index it is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.messaging.store import point_aliases as store
from shared.crypto.purposes import Indexing
from shared.database.pool import Tx


def settle_points(tx: Tx, points: Iterable[dict[str, Any]]) -> None:
    """Names the contact points of a chunk of guests as they are known here, and moves what is known of them under
    another index. Of several, the index under the key in use names the point; one that was left for another spelling
    leads there, so a late event moves nothing back.
    """
    given = list(points)
    if any(point.get("others") for point in given) and _naming(tx, given)[1]:
        store.move_alone(tx)
    else:
        store.hold_points(tx)
    names, moves = _naming(tx, given)
    for point, name in zip(given, names, strict=True):
        point["point"] = name
    if moves:
        store.move_alone(tx)  # held already, but where somebody else moved one a moment ago
        store.move_points(tx, moves)


def _naming(tx: Tx, points: Sequence[dict[str, Any]]) -> tuple[list[str], dict[str, str]]:
    """By which index each of the points is named, and which others are left for it."""
    given = [[point["point"], *(point.get("others") or ())] for point in points]
    known = store.points_by_alias(tx, [index for indexes in given for index in indexes])
    names: list[str] = []
    moves: dict[str, str] = {}
    for indexes in given:
        if len(indexes) == 1 and indexes[0] not in known:  # nearly every one
            names.append(indexes[0])
            continue
        first = next((one for one in indexes if _is_newest(tx, one)), indexes[0])
        leads = known.get(first, first)
        name = first if _is_newest(tx, first) and not _is_newest(tx, leads) else leads
        names.append(name)
        moves |= {one: name for one in indexes if one != name and known.get(one) != name}
    return names, moves


def _is_newest(tx: Tx, index: str) -> bool:
    return tx.keyring.is_newest(Indexing.POINT, index)


def points_known_as(tx: Tx, points: Sequence[str]) -> list[str]:
    """The contact points that these indexes name. None of them moves until this transaction ends."""
    store.hold_points(tx)
    known = store.points_by_alias(tx, points)
    return [known.get(point, point) for point in points]
