"""Links by which the owner of an account chooses a password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx

FIELDS = "link_id, kind, person_id, made_by, made_at, expires_at, notice_id, notice_state, notice_reason"


@dataclass(frozen=True)
class Link:
    """`notice_id`: of the mail it was sent in; None where it was shown to its maker."""

    link_id: UUID
    kind: str
    person_id: UUID
    made_by: str
    made_at: datetime
    expires_at: datetime
    notice_id: UUID | None = None
    notice_state: str | None = None
    notice_reason: str | None = None


def add(tx: Tx, link: Link) -> None:
    tx.execute(
        """
        insert into account_link (link_id, kind, person_id, made_by, made_at, expires_at, notice_id)
        values (%(link_id)s, %(kind)s, %(person_id)s, %(made_by)s, %(made_at)s, %(expires_at)s, %(notice_id)s)
        """,
        vars(link),
    )


def by_id(tx: Tx, link_id: UUID) -> Link | None:
    found = tx.rows(Link, f"select {FIELDS} from account_link where link_id = %s", (link_id,))
    return found[0] if found else None


def last_of(tx: Tx, person_id: UUID) -> Link | None:
    """The newest link of this person."""
    found = tx.rows(
        Link,
        f"select {FIELDS} from account_link where person_id = %s order by made_at desc, link_id limit 1",
        (person_id,),
    )
    return found[0] if found else None


def drop_of(tx: Tx, person_id: UUID) -> None:
    """All of a person's links, used or not."""
    tx.execute("delete from account_link where person_id = %s", (person_id,))


def drop_expired(tx: Tx, before: datetime) -> None:
    tx.execute("delete from account_link where expires_at < %s", (before,))


def keep_outcomes(tx: Tx, columns: Mapping[str, Any]) -> None:
    """What became of the mails they were sent in."""
    tx.execute(
        """
        update account_link set notice_version = new.version, notice_state = new.state, notice_reason = new.reason
        from (
            select distinct on (notice_id) notice_id, version, state, reason
            from unnest(%(notice_id)s::uuid[], %(version)s::bigint[], %(state)s::text[], %(reason)s::text[])
                as said (notice_id, version, state, reason)
            order by notice_id, version desc
        ) as new
        where account_link.notice_id = new.notice_id and new.version > notice_version
        """,
        columns,
    )
