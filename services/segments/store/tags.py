"""Tags as they rest: their spelling, runs over a segment, rules, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.store.evaluation.statement import BEFORE_ALL
from shared.database.pool import Tx


@dataclass(frozen=True)
class TagRun:
    id: UUID
    tag: str
    adds: bool
    segment: int
    undoes: UUID | None
    made_by: str
    made_at: datetime
    after: UUID | None


@dataclass(frozen=True)
class TagRule:
    id: UUID
    tag: str
    kind: str
    segment: int
    segment_key: str
    segment_name: str
    made_by: str
    next_at: datetime


def spellings(tx: Tx, folded: Sequence[str], tags: Sequence[str]) -> dict[str, str]:
    """By the folded tag the spelling that counts: the one that came first."""
    tx.execute(
        """
        insert into tag_known (folded, tag)
        select * from unnest(%s::text[], %s::text[]) as t (folded, tag) order by folded
        on conflict do nothing
        """,
        [list(folded), list(tags)],
    )
    return dict(tx.execute("select folded, tag from tag_known where folded = any(%s)", [list(folded)]).fetchall())


def known_tags(tx: Tx, most: int) -> list[str]:
    return [tag for (tag,) in tx.execute("select tag from tag_known order by folded limit %s", [most])]


def add_run(tx: Tx, run: TagRun) -> bool:
    """False where it is there."""
    statement = """
        insert into tag_run (id, tag, adds, segment, undoes, made_by, made_at)
        values (%(id)s, %(tag)s, %(adds)s, %(segment)s, %(undoes)s, %(made_by)s, %(made_at)s) on conflict do nothing
    """
    return tx.execute(statement, vars(run)).rowcount == 1


RUN = "select id, tag, adds, segment, undoes, made_by, made_at, after from tag_run"


def run_of(tx: Tx, run: UUID) -> TagRun | None:
    found = tx.rows(TagRun, f"{RUN} where id = %s", [run])
    return found[0] if found else None


def is_undone(tx: Tx, run: UUID) -> bool:
    return tx.execute("select from tag_run where undoes = %s", [run]).fetchone() is not None


def lock_next_run(tx: Tx) -> TagRun | None:
    found = tx.rows(TagRun, f"{RUN} where ended_at is null order by made_at, id limit 1 for update")
    return found[0] if found else None


def next_of_run(tx: Tx, run: TagRun, most: int) -> list[UUID]:
    """The next guests whom it concerns: who is in the segment, or whom the run that it undoes changed."""
    members = "select guest_id from membership where segments @> array[%(segment)s::int]"
    changed = "select guest_id from tag_run_guest where run = %(undoes)s"
    query = f"""
        {changed if run.undoes else members} and guest_id > %(after)s::uuid order by guest_id limit %(most)s
    """
    asked = {"segment": run.segment, "undoes": run.undoes, "after": run.after or BEFORE_ALL, "most": most}
    return [guest for (guest,) in tx.execute(query, asked)]


def mark_run(tx: Tx, run: UUID, after: UUID, changed: Collection[UUID]) -> None:
    tx.execute(
        """
        with kept as (
            insert into tag_run_guest (run, guest_id) select %(run)s, unnest(%(changed)s::uuid[]) on conflict do nothing
        )
        update tag_run set after = %(after)s, changed = changed + %(count)s where id = %(run)s
        """,
        {"run": run, "after": after, "changed": sorted(changed), "count": len(changed)},
    )


def end_run(tx: Tx, run: UUID, at: datetime) -> None:
    tx.execute("update tag_run set ended_at = %s where id = %s", [at, run])


def put_on(tx: Tx, guests: Collection[UUID], tag: str, most: int) -> list[UUID]:
    """Who had it not; the rows are locked. Restricted data stay as they are, and so does who has very many."""
    statement = """
        update guest set tags = array(select unnest(tags || %(tag)s::text) order by 1)
        where id = any(%(guests)s::uuid[]) and not tags @> array[%(tag)s::text] and cardinality(tags) < %(most)s
            and merged_into is null and erased_at is null and not rights @> array['restricted']
        returning id
    """
    return sorted(id for (id,) in tx.execute(statement, {"guests": list(guests), "tag": tag, "most": most}))


def take_off(tx: Tx, guests: Collection[UUID], tag: str) -> list[UUID]:
    statement = """
        update guest set tags = array_remove(tags, %(tag)s::text)
        where id = any(%(guests)s::uuid[]) and tags @> array[%(tag)s::text]
            and merged_into is null and erased_at is null and not rights @> array['restricted']
        returning id
    """
    return sorted(id for (id,) in tx.execute(statement, {"guests": list(guests), "tag": tag}))


RULE = """
    select r.id, r.tag, r.kind, r.segment, s.key as segment_key, s.name as segment_name, r.made_by, r.next_at
    from tag_rule r join segment s on s.number = r.segment where r.ended_at is null
"""


def add_rule(tx: Tx, rule: UUID, tag: str, kind: str, segment: int, by: str, at: datetime) -> bool:
    """False where a rule gives this tag already."""
    statement = """
        insert into tag_rule (id, tag, kind, segment, made_by, made_at, next_at)
        values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing
    """
    return tx.execute(statement, [rule, tag, kind, segment, by, at, at]).rowcount == 1


def standing_rules(tx: Tx) -> list[TagRule]:
    return tx.rows(TagRule, f"{RULE} order by r.kind, r.tag")


def tags_by_rule(tx: Tx, segment: int) -> list[str]:
    query = "select tag from tag_rule where segment = %s and ended_at is null order by tag"
    return [tag for (tag,) in tx.execute(query, [segment])]


def end_rule(tx: Tx, rule: UUID, at: datetime) -> str | None:
    """Its tag; None where it does not stand."""
    row = tx.execute(
        "update tag_rule set ended_at = %s where id = %s and ended_at is null returning tag", [at, rule]
    ).fetchone()
    return row[0] if row else None


def lock_due_rule(tx: Tx, now: datetime) -> TagRule | None:
    found = tx.rows(TagRule, f"{RULE} and r.next_at <= %s order by r.next_at, r.id limit 1 for update of r", [now])
    return found[0] if found else None


def next_due(tx: Tx) -> datetime | None:
    row = tx.execute(
        """
        select least((select min(made_at) from tag_run where ended_at is null),
            (select min(next_at) from tag_rule where ended_at is null))
        """
    ).fetchone()
    return row[0] if row else None


def plan_rule(tx: Tx, rule: UUID, at: datetime) -> None:
    tx.execute("update tag_rule set next_at = %s where id = %s", [at, rule])


def newly_in(tx: Tx, rule: TagRule, most: int) -> list[UUID]:
    query = """
        select guest_id from membership m
        where segments @> array[%(segment)s::int]
            and not exists (select from tag_rule_guest g where g.rule = %(rule)s and g.guest_id = m.guest_id)
        order by guest_id limit %(most)s
    """
    return [guest for (guest,) in tx.execute(query, {"segment": rule.segment, "rule": rule.id, "most": most})]


def no_longer_in(tx: Tx, rule: TagRule, most: int) -> list[UUID]:
    query = """
        select g.guest_id from tag_rule_guest g left join membership m on m.guest_id = g.guest_id
        where g.rule = %(rule)s and not coalesce(m.segments @> array[%(segment)s::int], false)
        order by g.guest_id limit %(most)s
    """
    return [guest for (guest,) in tx.execute(query, {"segment": rule.segment, "rule": rule.id, "most": most})]


def keep_given(tx: Tx, rule: UUID, guests: Collection[UUID], owned: Collection[UUID], at: datetime) -> None:
    tx.execute(
        """
        insert into tag_rule_guest (rule, guest_id, owns, given_at)
        select %(rule)s, guest, guest = any(%(owned)s::uuid[]), %(at)s from unnest(%(guests)s::uuid[]) as guest
        on conflict do nothing
        """,
        {"rule": rule, "guests": sorted(guests), "owned": list(owned), "at": at},
    )


def forget_given(tx: Tx, rule: UUID, guests: Collection[UUID]) -> list[UUID]:
    """Those to whom the rule had given the tag."""
    rows = tx.execute(
        "delete from tag_rule_guest where rule = %s and guest_id = any(%s::uuid[]) returning guest_id, owns",
        [rule, list(guests)],
    )
    return sorted(guest for guest, owns in rows.fetchall() if owns)
