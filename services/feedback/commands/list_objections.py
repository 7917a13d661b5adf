"""Imports the objections that people made in another tool. An import only ever closes contact points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.feedback.rules.files.opt_out_file import Objection
from services.feedback.store import optouts
from shared.access.audit import record
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of_rows
from shared.events.feedback import OptoutRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope

SOURCE = "file"
MOST_TOLD = 200


@dataclass
class Closed:
    """What came of a file so far. `new`: contact points that were not listed before; `strangers`: those that no guest
    here has, `told` the first of them."""

    new: int = 0
    strangers: int = 0
    told: list[Objection] = field(default_factory=list)
    _seen: set[UUID] = field(default_factory=set)

    def close(
        self, tx: Tx, objections: Sequence[Objection], scope: OptOutScope, file: str, at: datetime, by: Person | str
    ) -> None:
        """A part of the file is listed, published, and said to the audit trail. The same part again closes nothing."""
        strangers, new = known_of_nobody(tx, objections), list_objections(tx, objections, scope, file, at)
        self._tell(strangers)
        self.new += new
        details = {
            "new": new,
            "of": len(objections),
            "nobodys": len(strangers),
            "scope": scope,
            "from": objections[0].line,
        }
        record(tx, by, "optouts.brought", "opt-outs", details, at)

    def look(self, tx: Tx, objections: Sequence[Objection], scope: OptOutScope) -> None:
        """The same counts, and nothing is changed."""
        self._tell(known_of_nobody(tx, objections))
        before = len(self._seen)
        self._seen |= _unlisted(tx, objections, scope)
        self.new += len(self._seen) - before

    def _tell(self, strangers: Sequence[Objection]) -> None:
        self.strangers += len(strangers)
        self.told += strangers[: MOST_TOLD - len(self.told)]


def list_objections(tx: Tx, objections: Sequence[Objection], scope: OptOutScope, file: str, at: datetime) -> int:
    """Publishes optout.requested for each contact point that is new; returns how many those are.

    While a key of the index is being turned, an address may be listed under an older one already, one that was mended
    under its raw spelling; it is published under each: nobody here knows under which one a guest will be met.
    """
    names = [names_of(tx, one) for one in objections]
    known = optouts.known(
        tx, [_id(one, point, scope) for one, points in zip(objections, names, strict=True) for point in points[1:]]
    )
    listed, others = [], {}
    for one, (point, *older) in zip(objections, names, strict=True):
        if any(_id(one, index, scope) in known for index in older):
            continue
        optout_id, said_at = _id(one, point, scope), min(one.said_at or at, at)
        listed.append(optouts.ListedOptOut(optout_id=optout_id, channel=one.channel, point=point, requested_at=said_at))
        others[optout_id] = [(_id(one, index, scope), index) for index in older]
    new = optouts.add(tx, listed, scope, file, at)
    rows = [
        (optout_id, 1, channel, point, None, scope, SOURCE, one.requested_at)
        for one in new
        for listed_id, point in [(one.optout_id, one.point), *others[one.optout_id]]
        for channel, optout_id in _on_each_channel(listed_id, one.channel)
    ]
    publish(tx, chunk_of_rows(OptoutRequested, rows), at=at)
    return len(new)


def _on_each_channel(optout_id: UUID, channel: Channel) -> list[tuple[Channel, UUID]]:
    """Whoever objected from a number objected to whatever is sent there."""
    others = [one for one in Channel if one.kept_as is channel and one is not channel]
    return [(channel, optout_id), *((one, make_id("optout", optout_id, one)) for one in others)]


def names_of(tx: Tx, one: Objection) -> list[str]:
    """All indexes by which its contact point may be known, the one in use first."""
    spelt = [one.address, *([one.form] if one.form else [])]
    return [index for text in spelt for index in tx.keyring.indexes(one.channel.kept_as, text)]


def known_of_nobody(tx: Tx, objections: Sequence[Objection]) -> list[Objection]:
    """Those whose address or number no guest has here. They are kept all the same, for whoever comes with it."""
    names = [names_of(tx, one) for one in objections]
    had = optouts.had_by_guests(tx, [index for each in names for index in each])
    return [one for one, each in zip(objections, names, strict=True) if had.isdisjoint(each)]


def _unlisted(tx: Tx, objections: Sequence[Objection], scope: OptOutScope) -> set[UUID]:
    """What `list_objections` would add."""
    ids = [[_id(one, point, scope) for point in names_of(tx, one)] for one in objections]
    known = optouts.known(tx, [one for each in ids for one in each])
    return {each[0] for each in ids if known.isdisjoint(each)}


def _id(one: Objection, point: str, scope: OptOutScope) -> UUID:
    return make_id("optout", SOURCE, one.channel, point, scope)
