"""One address is one contact point, by whichever key of the index it is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.messaging.store import point_aliases as store
from shared.crypto.purposes import Indexing
from shared.database.pool import Tx


def settle_points(tx: Tx, points: Iterable[dict[str, Any]]) -> None:
    """Names the contact points of a chunk of guests as they are known here, and moves what is known of them under
    another index. Of several, the index under the key in use names the point, so a late event moves nothing back.
    """
    given = list(points)
    if any(point.get("others") for point in given):
        store.move_alone(tx)
    else:
        store.hold_points(tx)
    known = store.points_by_alias(tx, [point["point"] for point in given])
    moves: dict[str, str] = {}
    for point in given:
        names = [point["point"], *(point.get("others") or ())]
        newest = [name for name in names if tx.keyring.is_newest(Indexing.POINT, name)]
        point["point"] = newest[0] if newest else known.get(point["point"], point["point"])
        moves |= {name: point["point"] for name in names if name != point["point"]}
    if moves:
        store.move_points(tx, moves)


def points_known_as(tx: Tx, points: Sequence[str]) -> list[str]:
    """The contact points that these indexes name. None of them moves until this transaction ends."""
    store.hold_points(tx)
    known = store.points_by_alias(tx, points)
    return [known.get(point, point) for point in points]
