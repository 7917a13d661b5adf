"""Pictures of mails: their bytes or where these lie, their places in the library, and which wording shows which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.database.pool import Tx
from shared.pictures.scaling import Picture
from shared.rows import row


@row
class Kept:
    """`content`: None where the bytes lie in the object store, as `object`."""

    sha: str
    media_type: str
    content: bytes | None
    object: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose library it is: one hotel's, that of a legal entity's hotels, or every hotel's where both are None."""

    legal_entity: str | None = None
    hotel: str | None = None


def kept(tx: Tx, sha: str) -> Kept | None:
    found = tx.rows(Kept, "select sha, media_type, content, object from picture where sha = %s", [sha])
    return found[0] if found else None


def known(tx: Tx, shas: Iterable[str]) -> frozenset[str]:
    """Those of them that there are. None of these is deleted before this transaction ends."""
    query = "select sha from picture where sha = any(%s) order by sha for key share"
    return frozenset(sha for (sha,) in tx.execute(query, [sorted(shas)]))


def keep(tx: Tx, sha: str, picture: Picture, object_: str | None, at: datetime) -> bool:
    """Whether it is new. The bytes are kept here where `object_` is None."""
    values = {
        "sha": sha,
        "type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "length": len(picture.content),
        "moves": picture.media_type == "image/gif",
        "content": picture.content if object_ is None else None,
        "object": object_,
        "at": at,
    }
    return tx.execute(KEEP, values).rowcount == 1


def shelve(tx: Tx, library_id: UUID, sha: str, place: Place, name: str, by: str, at: datetime) -> tuple[UUID, bool]:
    """Puts it into a library: what it is known by there, and whether it is new; the same picture stands there once."""
    values = {"id": library_id, "sha": sha, "entity": place.legal_entity, "hotel": place.hotel}
    row = tx.execute(SHELVE, {**values, "name": name, "by": by, "at": at}).fetchone()
    assert row is not None
    return row[0], row[1]


def change(tx: Tx, library_id: UUID, version: int, name: str, alt: Mapping[str, str], *, by: str, at: datetime) -> bool:
    """False where somebody changed it since `version`."""
    query = """
        update library_picture set name = %s, alt = %s, version = version + 1, changed_by = %s, changed_at = %s
        where library_id = %s and version = %s
    """
    return tx.execute(query, [name, Jsonb(dict(alt)), by, at, library_id, version]).rowcount == 1


def lock(tx: Tx, library_id: UUID) -> str | None:
    """What it shows. Until this transaction ends nobody publishes it, deletes it or puts it into another library."""
    query = """
        select sha from picture where sha = (select sha from library_picture where library_id = %s) for update
    """
    row = tx.execute(query, [library_id]).fetchone()
    return row[0] if row else None


def remove(tx: Tx, library_id: UUID) -> None:
    tx.execute("delete from library_picture where library_id = %s", [library_id])


def is_shelved(tx: Tx, sha: str) -> bool:
    found = tx.execute("select exists (select from library_picture where sha = %s)", [sha]).fetchone()
    return bool(found and found[0])


def drop_unshelved(tx: Tx, sha: str) -> str | None:
    """Deletes the picture itself where no library has it any more. The object that held its bytes, where one did."""
    query = """
        delete from picture where sha = %s and not exists (select from library_picture as other
                                                           where other.sha = picture.sha)
        returning object
    """
    row = tx.execute(query, [sha]).fetchone()
    return row[0] if row else None


def note_shown(tx: Tx, key: str, version: int, shas: Iterable[str]) -> None:
    """A published wording shows these."""
    query = "insert into template_picture (sha, key, version) select unnest(%s::text[]), %s, %s on conflict do nothing"
    tx.execute(query, [sorted(shas), key, version])


def note_leftover(tx: Tx, object_: str, at: datetime) -> None:
    tx.execute("insert into object_leftover (object, since) values (%s, %s) on conflict do nothing", [object_, at])


def cross_out_leftover(tx: Tx, object_: str) -> None:
    tx.execute("delete from object_leftover where object = %s", [object_])


def leftovers(tx: Tx, before: datetime, most: int) -> list[str]:
    """Objects that were noted before that and are no picture's: what a process that died left lying."""
    query = """
        select object from object_leftover
        where since < %s and not exists (select from picture where picture.object = object_leftover.object)
        order by since limit %s
    """
    return [object_ for (object_,) in tx.execute(query, [before, most])]


KEEP = """
    insert into picture (sha, media_type, width, height, length, moves, content, object, added_at)
    values (%(sha)s, %(type)s, %(width)s, %(height)s, %(length)s, %(moves)s, %(content)s, %(object)s, %(at)s)
    on conflict (sha) do nothing
"""
SHELVE = """
    insert into library_picture (library_id, sha, legal_entity, hotel, name, added_by, added_at, changed_by, changed_at)
    values (%(id)s, %(sha)s, %(entity)s, %(hotel)s, %(name)s, %(by)s, %(at)s, %(by)s, %(at)s)
    on conflict (sha, coalesce(legal_entity, ''), coalesce(hotel, ''))
        do update set version = library_picture.version
    returning library_id, xmax = 0
"""
