"""Imports the objections that people made in another tool. An import only ever closes contact points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.feedback.rules.opt_out_file import Objection
from services.feedback.store import optouts
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of_rows
from shared.events.feedback import OptoutRequested
from shared.ids import make_id
from shared.vocabulary.optout import OptOutScope

SOURCE = "file"


def list_objections(tx: Tx, objections: Sequence[Objection], scope: OptOutScope, file: str, at: datetime) -> int:
    """Publishes optout.requested for each contact point that is new; returns how many those are."""
    listed = []
    for one in objections:
        point = tx.keyring.index(one.channel, one.address)
        optout_id = make_id("optout", SOURCE, one.channel, point, scope)
        said_at = min(one.said_at or at, at)
        listed.append(optouts.ListedOptOut(optout_id=optout_id, channel=one.channel, point=point, requested_at=said_at))
    new = optouts.add(tx, listed, scope, file, at)
    rows = [(one.optout_id, 1, one.channel, one.point, None, scope, SOURCE, one.requested_at) for one in new]
    publish(tx, chunk_of_rows(OptoutRequested, rows), at=at)
    return len(new)
