"""Templates show blocks by a segment: its changes are published from then on, and its members listed once."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.segments.lifecycle import is_live, use_segment
from services.segments.store import wanted as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, Lane, chunk_of
from shared.events.segments.audiences import AudienceListed

MOST_IN_A_PART = 2_000


def handle_wanted(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The newest word about a segment counts. One that is not there has no members: the list is empty, not missing."""
    rows = zip(chunk["segment"], chunk["version"], chunk["wanted"], strict=True)
    for segment, version, wanted in sorted(rows):
        if store.keep(tx, segment, version, wanted=wanted) and wanted:
            if is_live(tx, segment):
                use_segment(tx, segment, at)
            list_members(tx, segment, version, at)


def list_members(tx: Tx, segment: str, version: int, at: datetime) -> None:
    """In parts, each a message: whoever has all of them has everybody, in whatever order they come. Each member with
    the version of their newest change, so that a change that comes before or after falls into place."""
    members = store.members(tx, segment)
    parts = [members[start : start + MOST_IN_A_PART] for start in range(0, len(members), MOST_IN_A_PART)] or [[]]
    for part, some in enumerate(parts, start=1):
        listed = AudienceListed(
            segment=segment,
            version=version,
            part=part,
            parts=len(parts),
            guests=[guest for guest, _ in some],
            versions=[newest for _, newest in some],
            occurred_at=at,
        )
        publish(tx, chunk_of([listed]), at=at, lane=Lane.MARKETING)
