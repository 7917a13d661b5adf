"""Rehearsals that the gate is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row


@row
class Wanted:
    id: UUID
    at: datetime
    until: datetime
    is_replay: bool


@row
class Rehearsed:
    """A message that would be asked for at `at`; without a `request` it would be taken back. Or a stay that turns."""

    guest_id: UUID
    message_id: UUID | None
    at: datetime
    reason: str | None
    request: dict[str, Any]
    stay: dict[str, Any]


READY = "wanted and version > 0 and messages_here > messages_of"


def keep(tx: Tx, params: Mapping[str, Any]) -> None:
    """The greater version counts."""
    tx.execute(
        """
        insert into rehearsal_wanted as known (id, version, at, until, is_replay, wanted, changed_at)
        select distinct on (id) id, version, at, until, is_replay, not ended, %(now)s
        from unnest(%(rehearsal_id)s::uuid[], %(version)s::int[], %(at)s::timestamptz[], %(until)s::timestamptz[],
                    %(is_replay)s::boolean[], %(ended)s::boolean[]) as new (id, version, at, until, is_replay, ended)
        order by id, version desc
        on conflict (id) do update set version = excluded.version, at = excluded.at, until = excluded.until,
            is_replay = excluded.is_replay, wanted = excluded.wanted, changed_at = excluded.changed_at
        where known.version < excluded.version
        """,
        params,
    )
    tx.execute("delete from rehearsed_message using rehearsal_wanted as its where its.id = rehearsal_id and not wanted")


def keep_messages(tx: Tx, params: Mapping[str, Any]) -> None:
    """`request` and `stay`: JSON. Of those that nobody waits for, nothing."""
    tx.execute(
        """
        insert into rehearsal_wanted as known (id, messages_of, messages_here, changed_at)
        select id, max("of"), count(*), %(now)s
        from unnest(%(rehearsal_id)s::uuid[], %(of)s::int[]) as new (id, "of") group by id order by id
        on conflict (id) do update set messages_of = excluded.messages_of,
            messages_here = known.messages_here + excluded.messages_here, changed_at = excluded.changed_at
        """,
        params,
    )
    tx.execute(
        """
        insert into rehearsed_message (rehearsal_id, number, guest_id, message_id, at, reason, request,
            stay)
        select new.* from unnest(%(rehearsal_id)s::uuid[], %(number)s::int[], %(guest_id)s::uuid[],
            %(message_id)s::uuid[], %(at)s::timestamptz[], %(reason)s::text[], %(request)s::jsonb[],
            %(stay)s::jsonb[]) as new (rehearsal_id, number, guest_id, message_id, at, reason, request, stay)
        join rehearsal_wanted on id = rehearsal_id and wanted
        where guest_id is not null
        on conflict do nothing
        """,
        params,
    )


def drop_before(tx: Tx, before: datetime) -> None:
    tx.execute("delete from rehearsal_wanted where changed_at < %s", [before])


def next_ready(tx: Tx) -> Wanted | None:
    query = f"select id, at, until, is_replay from rehearsal_wanted where {READY} order by changed_at, id limit 1"
    found = tx.rows(Wanted, query)
    return found[0] if found else None


def is_wanted(tx: Tx, id_: UUID) -> bool:
    return tx.execute("select from rehearsal_wanted where id = %s and wanted", [id_]).fetchone() is not None


def messages_of(tx: Tx, id_: UUID) -> list[Rehearsed]:
    query = """
        select guest_id, message_id, at, reason, request, stay from rehearsed_message where rehearsal_id = %s
        order by at, number
    """
    return tx.rows(Rehearsed, query, [id_])


def answered(tx: Tx, id_: UUID, at: datetime) -> bool:
    """Whether anybody still waited for it; its messages go."""
    tx.execute("delete from rehearsed_message where rehearsal_id = %s", [id_])
    query = "update rehearsal_wanted set wanted = false, changed_at = %s where id = %s and wanted"
    return tx.execute(query, [at, id_]).rowcount == 1
