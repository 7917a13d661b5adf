"""Hand in a file for import; start it; forget how a source is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.store.imports import files as store
from shared.access.scope import EVERYWHERE
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id

LONGEST_SOURCE = 60


@dataclass(frozen=True)
class HandedIn:
    """`place`: a path, or where uploads are kept (`imports.uploads`). `by`: a person, a program, or the watched folder.
    `repeat_key`: by which its repetition is known. `properties`:
    the hotels whose rows it may bring; empty means all."""

    name: str
    place: str
    digest: str
    bytes: int
    origin: str
    by: str
    repeat_key: str | None = None
    properties: frozenset[str] = frozenset()


def hand_in(tx: Tx, file: HandedIn, source: str, mapping: Mapping[str, Any], at: datetime, *, start: bool) -> UUID:
    """The id under which it waits, as a draft or, with `start`, for the clock; the first one's where it is repeated."""
    check_source(source)
    file_id = make_id("import file", file.digest, source, file.by, file.repeat_key or file.place, at.isoformat())
    values = {
        "id": file_id,
        "source": source,
        "name": file.name,
        "place": file.place,
        "digest": file.digest,
        "bytes": file.bytes,
        "origin": file.origin,
        "handed_in_by": file.by,
        "handed_in_at": at,
        "repeat_key": file.repeat_key,
        "properties": sorted(file.properties),
        "mapping": mapping,
        "state": "queued" if start else "draft",
    }
    if not store.add(tx, values) and file.repeat_key and (first := store.find_repeated(tx, file.repeat_key)):
        return first.id
    return file_id


def check_source(source: str) -> None:
    if not source or len(source) > LONGEST_SOURCE or not source.replace("-", "").replace("_", "").isalnum():
        raise InputError("This file cannot be imported so.", {"source": "letters, digits and hyphens expected"})


def map_file(tx: Tx, file_id: UUID, source: str, mapping: Mapping[str, Any]) -> None:
    check_source(source)
    if not store.give_mapping(tx, file_id, source, mapping):
        raise Conflict()


def start_import(tx: Tx, file_id: UUID, source: str, mapping: Mapping[str, Any], by: str, at: datetime) -> None:
    """The clock takes it from here; the mapping is kept for the next file of that source.

    How a source is read belongs to all hotels: a file limited to some changes no mapping that is there.
    """
    map_file(tx, file_id, source, mapping)
    file = store.find(tx, file_id, EVERYWHERE)
    if file is None or not file.properties or source not in store.saved_mappings(tx):
        store.save_mapping(tx, source, mapping, by, at)
    if not store.move_to(tx, file_id, "draft", "queued"):
        raise Conflict()


def forget_meaning(tx: Tx, source: str, field: str, value: str, by: str, at: datetime) -> None:
    """The next file of this source is asked what the value means. Raises `NotFound` where nothing was said of it."""
    document = store.saved_mappings(tx).get(source, {})
    said = dict(document.get("meanings", {}).get(field, {}))
    if said.pop(value, None) is None:
        raise NotFound()
    meanings = {**document["meanings"], field: said}
    kept = {name: known for name, known in meanings.items() if known}
    store.save_mapping(tx, source, {**document, "meanings": kept}, by, at)


def forget_source(tx: Tx, source: str) -> None:
    """Raises `NotFound` where nothing is known of it."""
    if not store.forget_mapping(tx, source):
        raise NotFound()
