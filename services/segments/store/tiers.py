"""The house's tiers as they rest: what each takes, and whom that gave which."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class LadderRow:
    measure: str
    window_days: int | None
    gives: bool
    next_at: datetime
    chosen_by: str
    chosen_at: datetime


@dataclass(frozen=True)
class Step:
    """`guests`: who has as much; `given`: who has the tier by it."""

    tier: str
    needed: Decimal
    key: str
    guests: int = 0
    given: int = 0


def ladder(tx: Tx) -> LadderRow | None:
    found = tx.rows(LadderRow, "select measure, window_days, gives, next_at, chosen_by, chosen_at from tier_ladder")
    return found[0] if found else None


def steps(tx: Tx) -> list[Step]:
    """The lowest first."""
    query = """
        select t.tier, t.needed, s.key, coalesce(z.members, 0) as guests,
            (select count(*) from tier_given g where g.tier = t.tier) as given
        from tier_step t join segment s on s.number = t.segment left join segment_size z on z.number = t.segment
        order by needed
    """
    return tx.rows(Step, query)


def keep(
    tx: Tx, measure: str, window_days: int | None, numbered: Sequence[tuple[str, Decimal, int]], *, gives: bool,
    by: str, at: datetime,
) -> None:  # fmt: skip
    """`numbered`: tier, what it takes, and the number of the segment of whoever has as much."""
    statement = """
        insert into tier_ladder (measure, window_days, gives, next_at, chosen_by, chosen_at)
        values (%(measure)s, %(window)s, %(gives)s, %(at)s, %(by)s, %(at)s)
        on conflict (single) do update set (measure, window_days, gives, next_at, chosen_by, chosen_at)
            = (excluded.measure, excluded.window_days, excluded.gives, excluded.next_at, excluded.chosen_by,
               excluded.chosen_at)
    """
    tx.execute(statement, {"measure": measure, "window": window_days, "gives": gives, "at": at, "by": by})
    tx.execute("delete from tier_step")
    tx.execute(
        "insert into tier_step (tier, needed, segment) select * from unnest(%s::text[], %s::numeric[], %s::int[])",
        [[one[0] for one in numbered], [one[1] for one in numbered], [one[2] for one in numbered]],
    )


def next_due(tx: Tx) -> datetime | None:
    row = tx.execute("select next_at from tier_ladder").fetchone()
    return row[0] if row else None


def lock_due(tx: Tx, at: datetime) -> bool:
    return tx.execute("select from tier_ladder where next_at <= %s for update", [at]).fetchone() is not None


def plan(tx: Tx, at: datetime) -> None:
    tx.execute("update tier_ladder set next_at = %s", [at])


# A tier that a programme tells stands before one by rule; restricted data stay as they are.
TOLD = "exists (select from loyalty l where l.guest_id = g.id and l.tier is not null)"
TOUCHED = "g.merged_into is null and g.erased_at is null and not g.rights @> array['restricted']"


def newly_due(tx: Tx, most: int) -> dict[UUID, str]:
    """Who is to have which tier, and has it not by rule: of several steps the highest."""
    query = f"""
        select m.guest_id, x.tier
        from tier_ladder, tier_step x join membership m on m.segments @> array[x.segment]
        join guest g on g.id = m.guest_id and {TOUCHED}
        where gives and not {TOLD}
            and not exists (select from tier_step h where h.needed > x.needed and m.segments @> array[h.segment])
            and not exists (select from tier_given t where t.guest_id = m.guest_id and t.tier = x.tier)
        order by m.guest_id limit %s
    """
    return dict(tx.execute(query, [most]).fetchall())


def no_longer_due(tx: Tx, most: int) -> list[UUID]:
    """Who has a tier by rule and has not as much any more, or whose programme tells one."""
    query = f"""
        select t.guest_id
        from tier_given t join guest g on g.id = t.guest_id and {TOUCHED}
        left join membership m on m.guest_id = t.guest_id
        where {TOLD} or not (select gives from tier_ladder)
            or not exists (select from tier_step x where m.segments @> array[x.segment])
        order by t.guest_id limit %s
    """
    return [guest for (guest,) in tx.execute(query, [most])]


def given(tx: Tx, tiers: Mapping[UUID, str], at: datetime) -> None:
    tx.execute(
        """
        insert into tier_given (guest_id, tier, given_at)
        select guest_id, tier, %s from unnest(%s::uuid[], %s::text[]) as new (guest_id, tier) order by guest_id
        on conflict (guest_id) do update set tier = excluded.tier, given_at = excluded.given_at
        """,
        [at, list(tiers), list(tiers.values())],
    )


def taken(tx: Tx, guests: Collection[UUID]) -> dict[UUID, str]:
    """The tiers they had by rule."""
    rows = tx.execute("delete from tier_given where guest_id = any(%s) returning guest_id, tier", [list(guests)])
    return dict(rows.fetchall())
