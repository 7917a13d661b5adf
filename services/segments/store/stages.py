"""Stages of guests, counted at night in sets from memberships and their log."""

from __future__ import annotations

from datetime import date

from shared.database.pool import Tx
from shared.vocabulary.stage import Stage

KEYS = [str(one) for one in Stage]


def are_set_up(tx: Tx) -> bool:
    query = "select count(*) = cardinality(%s::text[]) from segment where key = any(%s) and retired_at is null"
    row = tx.execute(query, [KEYS, KEYS]).fetchone()
    return bool(row and row[0])


def count_sizes(tx: Tx) -> None:
    tx.execute("delete from stage_size")
    tx.execute(
        """
        insert into stage_size (property, stage, guests)
        select coalesce(f.last_property, f.home_property, ''), s.key, count(*)
        from segment s join membership m on m.segments @> array[s.number]
        join guest_facts f on f.guest_id = m.guest_id
        where s.key = any(%s) and s.retired_at is null
        group by 1, 2
        """,
        [KEYS],
    )


def count_turns(tx: Tx, month: date, until: date) -> None:
    """Of one month, anew. A stage that was left and one that was entered at one instant are one turn; one that was left
    for none, as by an objection, is a turn to nothing, which is not counted."""
    tx.execute("delete from stage_turn where month = %s", [month])
    tx.execute(
        """
        with logged as (
            select c.guest_id, c.at, c.entered, s.key
            from segment s join membership_change c on c.segment = s.number
            where s.key = any(%(keys)s) and not c.initial
                and c.at >= %(month)s::date - interval '1 day' and c.at < %(until)s::date + interval '1 day'
        )
        insert into stage_turn (month, property, before, now, turns)
        select %(month)s, coalesce(f.last_property, f.home_property, ''), coalesce(b.key, ''), n.key, count(*)
        from logged n
        left join logged b on b.guest_id = n.guest_id and b.at = n.at and not b.entered
        join guest_facts f on f.guest_id = n.guest_id
        where n.entered and (n.at at time zone f.home_zone)::date >= %(month)s::date
            and (n.at at time zone f.home_zone)::date < %(until)s::date
        group by 2, 3, 4
        """,
        {"keys": KEYS, "month": month, "until": until},
    )


def months_counted(tx: Tx) -> bool:
    return tx.execute("select from stage_turn limit 1").fetchone() is not None
