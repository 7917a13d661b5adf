"""A guest's file: asked for here, answered by every service, kept sealed for a week, handed out to who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.segments.queries.guests.file import ids_of
from services.segments.queries.guests.page import Card
from services.segments.store.guests import files as store
from services.segments.store.guests.files import FileLine
from shared.access.audit import record
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.events import chunk_of
from shared.events.console import EVERY_SERVICE
from shared.events.dictionary import Chunk, Lane
from shared.events.segments.guests import GuestFileRequested
from shared.ids import make_id
from shared.personal_data.guest_file.held import Held
from shared.personal_data.guest_file.paper import GuestFile
from shared.personal_data.guest_file.parts import opened_tables
from shared.personal_data.retention.terms import A_GUEST_FILE
from shared.vocabulary.guest_language import nearest

KEPT_FOR = timedelta(days=A_GUEST_FILE.days)


def request_file(tx: Tx, guest_id: UUID, by: Person, now: datetime) -> FileLine:
    """Ask every service for its part. Where a file is under way, it is that one."""
    line = FileLine(
        file_id=make_id("guest file", guest_id, now.isoformat()),
        guest_id=guest_id,
        requested_at=now,
        requested_by=by.name,
        services=list(EVERY_SERVICE),
        waiting=list(EVERY_SERVICE),
        ready_at=None,
        expires_at=now + KEPT_FOR,
        downloads=0,
    )
    if not store.begin(tx, line, now):
        return store.newest(tx, guest_id, now) or line
    asked = GuestFileRequested(
        file_id=line.file_id,
        version=1,
        guest_id=guest_id,
        guest_ids=ids_of(tx, guest_id),
        requested_at=now,
    )
    publish(tx, chunk_of([asked]), at=now, lane=Lane.MARKETING)
    record(tx, by, "guest.file_requested", f"guest {guest_id}", {"file": str(line.file_id)}, now)
    return line


def keep_file_parts(tx: Tx, chunk: Chunk, now: datetime) -> None:
    """A service answered."""
    if concerned := store.keep_parts(tx, chunk):
        store.finish(tx, concerned, now)


def download(tx: Tx, file_id: UUID, by: Person, now: datetime) -> tuple[UUID, dict[str, list[Sealed]], datetime]:
    """Whose it is, the sealed pieces by service, and when it was made. Raises `NotFound` for none that is ready."""
    line = store.file_named(tx, file_id, now)
    if line is None or line.ready_at is None:
        raise NotFound("There is no such file, or its week is over.")
    store.count_download(tx, file_id)
    record(tx, by, "guest.file_downloaded", f"guest {line.guest_id}", {"file": str(file_id)}, now)
    return line.guest_id, store.pieces_of(tx, file_id), line.ready_at


def file_of(tx: Tx, card: Card, pieces: dict[str, list[Sealed]], made_at: datetime) -> GuestFile:
    """The file put together from the parts as they came."""
    return file_from(card, {service: opened_tables(tx.keyring, theirs) for service, theirs in pieces.items()}, made_at)


def file_from(card: Card, parts: Mapping[str, Sequence[Held]], made_at: datetime) -> GuestFile:
    """The file, in the guest's language of our six, else English."""
    return GuestFile(card.name, nearest(card.language) or "en", card.zone, made_at, parts)
