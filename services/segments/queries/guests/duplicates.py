"""Pairs of guests who may be one, and the merges of a guest: as far as the reader sees both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.queries.scope import guest_seen
from shared.access.scope import Scope, within
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.naming import full_name

A_PAGE = 20


@dataclass(frozen=True)
class Side:
    """One of a pair in the list."""

    id: UUID
    given_name: str
    family_name: str
    birth_date: date | None
    stays: int
    last_stay_on: date | None
    address: Sealed | None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True)
class PairLine:
    """`score` None: filed before pairs had one."""

    sides: tuple[Side, Side]
    key: str
    score: float | None
    reasons: Sequence[str]

    @property
    def after(self) -> str:
        """The key of the page that follows it."""
        return f"{'' if self.score is None else self.score}|{self.sides[0].id}|{self.sides[1].id}"


@dataclass(frozen=True)
class MergeLine:
    """A record that was merged into a guest, or into another such record. `at` None: it was merged before merges were
    written down, and cannot be taken out."""

    guest_id: UUID
    given_name: str
    family_name: str
    stays: int
    at: datetime | None
    by_whom: str | None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


def pairs(tx: Tx, scope: Scope, after: str) -> tuple[list[PairLine], str]:
    """A page of the open pairs, the likeliest first, and the key of the next page; "" where it is the last."""
    later, values = _later(after)
    rows = tx.execute(PAIRS.format(later=later), {**scope.values, **values, "most": A_PAGE + 1}).fetchall()
    sides = {side.id: side for side in _sides(tx, {id for one in rows for id in one[:2]}, scope)}
    found = [PairLine((sides[one], sides[other]), key, score, reasons) for one, other, key, score, reasons in rows]
    page = found[:A_PAGE]
    return page, page[-1].after if len(found) > A_PAGE else ""


def _later(after: str) -> tuple[str, dict[str, object]]:
    """The condition on what follows; a key that cannot be read is the beginning."""
    try:
        score, one, other = after.split("|")
        values: dict[str, object] = {"score": float(score) if score else None, "one": UUID(one), "other": UUID(other)}
    except ValueError:
        return "true", {}
    behind = "(d.guest_id, d.other_id) > (%(one)s, %(other)s)"
    if not score:
        return f"d.score is null and {behind}", values
    return f"(d.score < %(score)s::real or d.score is null or d.score = %(score)s::real and {behind})", values


def _sides(tx: Tx, ids: set[UUID], scope: Scope) -> list[Side]:
    return tx.rows(Side, SIDES, {"ids": list(ids), **scope.values})


def merges_of(tx: Tx, guest_id: UUID, scope: Scope) -> list[MergeLine]:
    """Those of a hotel that the reader sees, the last one first."""
    return tx.rows(MergeLine, MERGES, {"id": guest_id, **scope.values})


PAIRS = f"""
    select d.guest_id, d.other_id, d.key, d.score, d.reasons
    from possible_duplicate d join guest g on g.id = d.guest_id join guest o on o.id = d.other_id
    where d.dismissed_at is null and g.merged_into is null and o.merged_into is null
        and g.erased_at is null and o.erased_at is null
        and {guest_seen("g")} and {guest_seen("o")} and {{later}}
    order by d.score desc nulls last, d.guest_id, d.other_id
    limit %(most)s
"""
SIDES = f"""
    select g.id, g.given_name, g.family_name, g.birth_date, w.stays, w.last_stay_on, p.address
    from guest g
    cross join lateral (
        select count(*) as stays, max(s.checked_out_on) as last_stay_on
        from stay s where s.guest_id = g.id and {within("s.property")}
    ) as w
    left join lateral (
        select c.address_sealed as address from guest_point gp join contact_point c using (point)
        where gp.guest_id = g.id and c.kind = 'personal' order by gp.channel, gp.said_at desc limit 1
    ) as p on true
    where g.id = any(%(ids)s)
"""
MERGES = f"""
    select gone.id as guest_id, gone.given_name, gone.family_name,
           coalesce(jsonb_array_length(p.state -> 'stay'), 0) as stays, m.at, m.by_whom
    from guest gone
    left join merged_part p on p.guest_id = gone.id
    left join guest_merge m on m.guest_id = gone.id and m.undone_at is null
    where gone.merged_into = %(id)s and gone.erased_at is null and (
        {within("gone.home_property")} or exists (
            select from stay s where s.id in (select id::uuid from jsonb_array_elements_text(p.state -> 'stay') as id)
                and {within("s.property")}))
    order by m.at desc nulls last, gone.id
"""
