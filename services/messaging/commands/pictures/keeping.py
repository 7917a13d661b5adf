"""Where a picture's bytes lie: in the database, or in the object store where one is set. Each picture says which.

An object's name is used once, so that deleting one never takes what was put there anew. It is noted before it is put,
and crossed out with the transaction that makes it a picture's: what a process that died left lying is swept later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import structlog

from services.messaging.commands.pictures.library import remove_picture, shelve_picture
from services.messaging.store.templates import pictures as store
from services.messaging.store.templates.pictures import Place
from shared.access.people import Person
from shared.database.pool import Database
from shared.outgoing.object_store import ObjectStore, StoreSilent
from shared.pictures.scaling import Picture

log = structlog.get_logger()
SURELY_OVER = timedelta(hours=1)
SWEPT_AT_ONCE = 5


def add_picture(
    database: Database, objects: ObjectStore | None, picture: Picture, place: Place, name: str, at: datetime, by: Person
) -> UUID:
    """What it is known by in its library. Raises `StoreSilent`: then nothing is kept."""
    sha = sha256(picture.content).hexdigest()
    object_ = _put(database, objects, sha, picture, at) if objects else None
    with database.transaction() as tx:
        library_id, taken = shelve_picture(tx, sha, picture, object_, place, name, at, by=by)
    if objects and object_ and not taken:
        _delete(database, objects, object_, at)
    if objects:
        sweep(database, objects, at)
    return library_id


def delete_picture(database: Database, objects: ObjectStore | None, library_id: UUID, at: datetime, by: Person) -> None:
    with database.transaction() as tx:
        object_ = remove_picture(tx, library_id, at, by=by)
    if objects and object_:
        _delete(database, objects, object_, at)


def content_of(kept: store.Kept, objects: ObjectStore | None, at: datetime) -> bytes | None:
    """Its bytes. Raises `StoreSilent`, also where they lie in a store that is not set any more."""
    if kept.content is not None:
        return bytes(kept.content)
    if objects is None or kept.object is None:
        raise StoreSilent("this picture lies in an object store, and none is set")
    return objects.read(kept.object, at)


def sweep(database: Database, objects: ObjectStore, at: datetime) -> None:
    """Some of what lies in the object store for nothing."""
    with database.transaction() as tx:
        found = store.leftovers(tx, at - SURELY_OVER, SWEPT_AT_ONCE)
    for object_ in found:
        _delete(database, objects, object_, at)


def _put(database: Database, objects: ObjectStore, sha: str, picture: Picture, at: datetime) -> str | None:
    """Under which name; None where this picture is kept already."""
    object_ = f"{sha}-{uuid4().hex}"
    with database.transaction() as tx:
        if store.kept(tx, sha) is not None:
            return None
        store.note_leftover(tx, object_, at)
    objects.put(object_, picture.content, picture.media_type, at)
    return object_


def _delete(database: Database, objects: ObjectStore, object_: str, at: datetime) -> None:
    """It stays noted where the store is silent."""
    try:
        objects.delete(object_, at)
    except StoreSilent as error:
        log.warning("an object is not deleted yet", error=str(error))
        return
    with database.transaction() as tx:
        store.cross_out_leftover(tx, object_)
