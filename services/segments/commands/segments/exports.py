"""An export: a door for one person to who is in a segment, open for a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.segments.commands.segments.lifecycle import live_segment
from services.segments.queries.audiences.exports import Export, export_of
from services.segments.store.exports import add_export, count_download, forget_over
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.ids import make_id

OPEN_FOR = timedelta(days=1)


def make_export(tx: Tx, key: str, by: Person, at: datetime) -> UUID:
    segment = live_segment(tx, key)
    export = make_id("segment export", key, by.person_id, at.isoformat())
    forget_over(tx, at)
    add_export(tx, export, segment.number, by.person_id, at, at + OPEN_FOR)
    record(tx, by, "segment.exported", f"segment {key}", {}, at)
    return export


def open_export(tx: Tx, export_id: UUID, by: Person, at: datetime) -> Export:
    """Its maker's alone. Raises `NotFound` for everybody else and where it is over."""
    over = NotFound("This export is over. Make a new one on the segment's page.")
    export = export_of(tx, export_id)
    if export is None or export.made_by != by.person_id or export.expires_at <= at:
        raise over
    with tx.writing() as noting:  # the table itself may be read from a replica
        downloads = count_download(noting, export_id)
        if downloads is None:
            raise over
        record(noting, by, "segment.export_read", f"segment {export.key}", {"download": downloads}, at)
    return export
