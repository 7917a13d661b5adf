"""What segments itself knows of a guest's story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.access.scope import Scope, within
from shared.database.pool import Tx

MOST = 400


@dataclass(frozen=True)
class AudienceLine:
    key: str
    name: str
    at: datetime
    entered: bool
    because: dict[str, Any]


@dataclass(frozen=True)
class EditLine:
    at: datetime
    what: str
    by_whom: str
    details: dict[str, Any]


@dataclass(frozen=True)
class HappeningLine:
    """What a hotel's own system told."""

    at: datetime
    name: str
    property: str
    details: dict[str, Any]


def former_ids(tx: Tx, guest_id: UUID) -> list[UUID]:
    """Under which the guest was known before others were merged into them."""
    query = """
        with recursive former as (
            select id from guest where merged_into = %s
            union
            select g.id from guest g join former f on g.merged_into = f.id
        )
        select id from former limit 5
    """
    return [id for (id,) in tx.execute(query, [guest_id])]


def audience_changes(tx: Tx, ids: list[UUID]) -> list[AudienceLine]:
    """Newest first, without the segments that journeys made for themselves."""
    query = """
        select s.key, s.name, c.at, c.entered, c.because
        from membership_change c join segment s on s.number = c.segment
        where c.guest_id = any(%s) and not c.initial and not s.private
        order by c.at desc limit %s
    """
    return tx.rows(AudienceLine, query, [ids, MOST])


def edits(tx: Tx, ids: list[UUID]) -> list[EditLine]:
    query = """
        select at, what, by_whom, details from guest_edit where guest_id = any(%s) order by at desc limit %s
    """
    return tx.rows(EditLine, query, [ids, MOST])


def happenings(tx: Tx, guest_id: UUID, scope: Scope) -> list[HappeningLine]:
    """What the hotels' own systems told, of the hotels that the reader may see."""
    query = f"""
        select e.happened_at as at, e.name, e.property, e.details from guest_event e
        where (e.guest_id = %(guest)s or e.stay_id in (select id from stay where guest_id = %(guest)s))
          and {within("e.property")}
        order by e.happened_at desc, e.id limit %(most)s
    """
    return tx.rows(HappeningLine, query, {"guest": guest_id, "most": MOST, **scope.values})
