"""The files made for guests, and the parts they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events import Chunk


@dataclass(frozen=True)
class FileLine:
    """A file as a page shows it. `waiting`: the services whose part has not come yet."""

    file_id: UUID
    guest_id: UUID
    requested_at: datetime
    requested_by: str
    services: list[str]
    waiting: list[str]
    ready_at: datetime | None
    expires_at: datetime
    downloads: int


def begin(tx: Tx, line: FileLine, now: datetime) -> bool:
    """False where one is under way already. One that was never finished and has expired makes room."""
    tx.execute(
        "delete from guest_file where guest_id = %s and ready_at is null and expires_at <= %s", [line.guest_id, now]
    )
    done = tx.execute(
        """
        insert into guest_file (file_id, guest_id, requested_at, requested_by, services, expires_at)
        values (%(file_id)s, %(guest_id)s, %(requested_at)s, %(requested_by)s, %(services)s, %(expires_at)s)
        on conflict do nothing
        """,
        vars(line),
    )
    return done.rowcount == 1


def keep_parts(tx: Tx, chunk: Chunk) -> list[UUID]:
    """Keeps pieces of files that are still wanted; the files that they belong to."""
    lock = "select from guest_file where file_id = any(%s::uuid[]) order by file_id for update"
    tx.execute(lock, [chunk["file_id"]])  # before the rows that refer to it: two consumers wait for each other in turn
    rows = tx.execute(
        """
        insert into guest_file_part (file_id, service, place, pieces, body_sealed)
        select said.* from unnest(%(file_id)s::uuid[], %(service)s::text[], %(place)s::int[], %(pieces)s::int[],
                                  %(body)s::text[]) as said (file_id, service, place, pieces, body)
        where exists (select from guest_file where file_id = said.file_id)
        order by 1, 2, 3
        on conflict do nothing
        returning file_id
        """,
        chunk.columns,
    )
    return sorted({file_id for (file_id,) in rows})


def finish(tx: Tx, files: Sequence[UUID], now: datetime) -> None:
    """Marks those whose every part is there. Their rows are locked, so that the last part sees the rest."""
    tx.execute(
        f"""
        update guest_file as file set ready_at = %(now)s
        where file_id = any(%(files)s) and ready_at is null and {WAITING} = '{{}}'
        """,
        {"files": list(files), "now": now},
    )


def newest(tx: Tx, guest_id: UUID, now: datetime) -> FileLine | None:
    """The guest's newest file that has not expired."""
    return _first(tx, "guest_id = %(key)s and expires_at > %(now)s order by requested_at desc limit 1", guest_id, now)


def file_named(tx: Tx, file_id: UUID, now: datetime) -> FileLine | None:
    """None where there is none or it has expired."""
    return _first(tx, "file_id = %(key)s and expires_at > %(now)s", file_id, now)


def _first(tx: Tx, condition: str, key: UUID, now: datetime) -> FileLine | None:
    query = f"""
        select file_id, guest_id, requested_at, requested_by, services, {WAITING} as waiting, ready_at, expires_at,
               downloads
        from guest_file as file where {condition}
    """
    return next(iter(tx.rows(FileLine, query, {"key": key, "now": now})), None)


def count_download(tx: Tx, file_id: UUID) -> None:
    tx.execute("update guest_file set downloads = downloads + 1 where file_id = %s", [file_id])


def pieces_of(tx: Tx, file_id: UUID) -> dict[str, list[Sealed]]:
    """By service, in their order."""
    rows = tx.execute(
        "select service, body_sealed from guest_file_part where file_id = %s order by service, place", [file_id]
    )
    found: dict[str, list[Sealed]] = {}
    for service, body in rows:
        found.setdefault(service, []).append(Sealed(body))
    return found


WAITING = """
    array(select wanted from unnest(services) as wanted where not exists (
        select from guest_file_part as part where (part.file_id, part.service) = (file.file_id, wanted)
        having count(*) >= max(pieces)
    ))
"""
