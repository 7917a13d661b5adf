"""An erased guest's objections outlive the guest as keyed hashes.

Whoever turns up later with the same address or number gets no advertising and no survey until they agree
expressly to it; messages about their stays are not concerned, unless the guest had ended all of the channel.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.messaging.store.consents import erased_objections as store
from services.messaging.store.consents.erased_objections import EntityPoint
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.personal_data.known_again import hashes_of_point
from shared.vocabulary.purpose import Purpose

WITH_THE_ERASURE = (str(Purpose.MARKETING), str(Purpose.FEEDBACK))


def remember_objections(tx: Tx, guests: Sequence[UUID], at: datetime) -> None:
    """Keeps what these guests objected to, and that they want neither advertising nor surveys. Their points are there
    still."""
    rows = [
        (_hashes(tx, point)[entity][0], point.channel, purpose)
        for point in store.points_of(tx, guests)
        for entity in point.entities
        for purpose in sorted({*point.purposes, *WITH_THE_ERASURE})
    ]
    keep_objections(tx, rows, at)


def keep_objections(tx: Tx, rows: Collection[tuple[str, str, str]], at: datetime) -> None:
    """`rows`: hash, channel, purpose."""
    if rows:
        hashes, channels, purposes = map(list, zip(*rows, strict=True))
        store.add(tx, {"hash": hashes, "channel": channels, "purpose": purposes, "since": at})


def honour_objections_of_the_erased(tx: Tx, guests: Sequence[str]) -> None:
    """Suppresses the points of these guests that an erased guest had; a later express consent to a purpose lifts it."""
    if not guests or not store.any_there(tx):
        return
    points = store.points_of(tx, guests)
    hashes = {place: _all(_hashes(tx, point)) for place, point in enumerate(points)}
    known = store.since_by_hash(tx, {one for of_point in hashes.values() for one in of_point})
    express = store.express_since(tx, guests)
    suppressed: list[tuple[str, str, str, datetime]] = []
    for place, point in enumerate(points):
        for purpose, since in sorted({objection for one in hashes[place] for objection in known.get(one, ())}):
            agreed = express.get((point.guest_id, point.channel, purpose))
            if agreed and agreed > since:
                _lift(tx, point, hashes[place], purpose)
            else:
                suppressed.append((point.channel, point.point, purpose, since))
    if suppressed:
        channels, indexes, purposes, instants = map(list, zip(*suppressed, strict=True))
        store.suppress(tx, {"channel": channels, "point": indexes, "purpose": purposes, "since": instants})


def lift_objections_of_the_erased(tx: Tx, guest_id: UUID, channel: str, purpose: str) -> None:
    """The guest agreed expressly to this purpose on this channel."""
    if not store.any_there(tx):
        return
    for point in store.points_of(tx, [guest_id]):
        if point.channel == channel:
            store.lift(tx, _all(_hashes(tx, point)), [purpose, "all"])


def _lift(tx: Tx, point: EntityPoint, hashes: Collection[str], purpose: str) -> None:
    store.lift(tx, hashes, [purpose])
    store.lift_suppression(tx, [point.point], [purpose])


def _hashes(tx: Tx, point: EntityPoint) -> Mapping[str, list[str]]:
    """By legal entity, under each erasure key, the newest first."""
    spelt = [tx.keyring.open(Sealed(point.address_sealed), Sealing.CONTACT)]
    if point.forms_sealed:  # whoever was erased may have objected under another spelling
        spelt += tx.keyring.open(Sealed(point.forms_sealed), Sealing.CONTACT).split("\n")
    return {
        entity: [one for text in spelt for one in hashes_of_point(tx.keyring, entity, point.channel, text)]
        for entity in point.entities
    }


def _all(hashes: Mapping[str, list[str]]) -> list[str]:
    return [one for of_entity in hashes.values() for one in of_entity]
