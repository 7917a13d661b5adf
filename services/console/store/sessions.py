"""Sessions of people, live and ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """`device`, `network`: in words. `device_id`: the known device, None where the browser kept no cookie of it."""

    session_id: UUID
    person_id: UUID
    begun_at: datetime
    seen_at: datetime
    signed_in_by: str
    device: str
    network: str
    device_id: UUID | None
    ends_at: datetime
    ended_at: datetime | None = None


FIELDS = tuple(field.name for field in fields(SessionRow))


def add(tx: Tx, session: SessionRow) -> None:
    tx.execute(ADD, vars(session))


def by_id(tx: Tx, session_id: UUID) -> SessionRow | None:
    found = tx.rows(SessionRow, f"select {', '.join(FIELDS)} from session where session_id = %s", (session_id,))
    return found[0] if found else None


def live(tx: Tx, person_id: UUID, at: datetime) -> list[SessionRow]:
    """Those that are not over, the newest first."""
    return tx.rows(SessionRow, LIVE, {"person_id": person_id, "at": at})


def people_with_one(tx: Tx, at: datetime) -> list[UUID]:
    """Who has a session that is not over."""
    query = "select distinct person_id from session where ended_at is null and ends_at > %s order by 1"
    return [person_id for (person_id,) in tx.execute(query, (at,))]


def note_seen(tx: Tx, session_id: UUID, at: datetime) -> None:
    tx.execute("update session set seen_at = %s where session_id = %s and seen_at < %s", (at, session_id, at))


def end(
    tx: Tx, person_id: UUID, at: datetime, *, only: UUID | None = None, but: UUID | None = None
) -> list[SessionRow]:
    """Ends a person's live sessions, or that one `only`, or all `but` one; those that ended now."""
    return tx.rows(SessionRow, END, {"person_id": person_id, "at": at, "only": only, "but": but})


def forget(tx: Tx, before: datetime) -> None:
    tx.execute("delete from session where ends_at < %s", (before,))


def ended_early(tx: Tx, after: UUID | None, most: int) -> Sequence[Sequence[object]]:
    """Those ended before their time, in the order of their numbers, as `SessionEnded` has them."""
    return tx.execute(ENDED_EARLY, {"after": after, "most": most}).fetchall()


ADD = f"""
    insert into session ({", ".join(FIELDS)}) values ({", ".join(f"%({name})s" for name in FIELDS)})
"""
LIVE = f"""
    select {", ".join(FIELDS)} from session
    where person_id = %(person_id)s and ended_at is null and ends_at > %(at)s
    order by begun_at desc, session_id
"""
END = f"""
    update session set ended_at = %(at)s
    where person_id = %(person_id)s and ended_at is null and ends_at > %(at)s
        and (%(only)s::uuid is null or session_id = %(only)s) and session_id is distinct from %(but)s::uuid
    returning {", ".join(FIELDS)}
"""
ENDED_EARLY = """
    select session_id, person_id, 1, ends_at, ended_at from session
    where ended_at < ends_at and (%(after)s::uuid is null or session_id > %(after)s)
    order by session_id limit %(most)s
"""
