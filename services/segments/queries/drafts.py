"""Whom a rule that nobody saved yet would hold: counted while it is written, within the patience of who writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from services.segments.facts import FACTS
from services.segments.queries.scope import FACTS_SEEN
from services.segments.rules.language.tree import Rule
from services.segments.store.evaluation.compile import compile_rules
from services.segments.store.evaluation.statement import DAYS, GATHERED
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel

PATIENCE = "3s"
DRAFT = 1
LOOKED_AT = 5_000
MANY = 100_000


@dataclass(frozen=True)
class Example:
    guest_id: str
    given_name: str
    family_name: str
    hotel: str | None
    last_checkout_on: date | None


@dataclass(frozen=True)
class Overlap:
    """`share`: of the guests found, or of the first thousands of them."""

    key: str
    name: str
    share: float


@dataclass(frozen=True)
class DraftMembers:
    members: int
    email: int
    sms: int
    whatsapp: int
    everybody: int
    examples: list[Example]
    overlaps: list[Overlap]


def are_many(tx: Tx) -> bool:
    """Whether counting takes longer than a page may."""
    row = tx.execute("select reltuples from pg_class where oid = 'guest_facts'::regclass").fetchone()
    return row is not None and row[0] >= MANY


def find_guests(tx: Tx, rule: Rule, today: Mapping[str, date], scope: Scope, but: str = "") -> DraftMembers | None:
    """Who fulfils the rule on these local days (by zone); None where counting takes too long. `but`: its own key."""
    asked = {"zones": list(today), "days": list(today.values()), "but": but, **scope.values}
    try:
        with tx.savepoint():
            tx.execute(f"set local statement_timeout = '{PATIENCE}'")
            row = tx.execute(_statement(rule, scope), asked).fetchone()
            tx.execute("set local statement_timeout = 0")
    except psycopg.errors.QueryCanceled:
        return None
    assert row is not None, "aggregates return a row"
    members, email, sms, whatsapp, everybody, examples, overlaps = row
    return DraftMembers(
        members,
        email,
        sms,
        whatsapp,
        everybody,
        _examples(tx, examples or []),
        [Overlap(*one) for one in overlaps or []],
    )


def _statement(rule: Rule, scope: Scope) -> str:
    compiled = compile_rules({DRAFT: rule})
    return TEXT.format(
        days=DAYS,
        today="".join(f", {column}" for column in compiled.today),
        average=", v.mean_spend as average" if compiled.averages else "",
        averages="left join property_average v on v.property = f.last_property" if compiled.averages else "",
        gathered=GATHERED.format(columns=", ".join(compiled.gathered)) if compiled.gathered else "",
        condition=compiled.conditions[DRAFT],
        email=FACTS["reachable"].sql.by_channel[Channel.EMAIL],
        sms=FACTS["reachable"].sql.by_channel[Channel.SMS],
        whatsapp=FACTS["reachable"].sql.by_channel[Channel.WHATSAPP],
        here="true" if scope.everywhere else FACTS_SEEN,
        once="offset 0" if compiled.today else "",  # what time gives is worked out once a guest
        looked_at=LOOKED_AT,
    )


def _examples(tx: Tx, ids: Sequence[str]) -> list[Example]:
    query = """
        select g.id::text, g.given_name, g.family_name, coalesce(f.last_property, f.home_property), f.last_checkout_on
        from guest g join guest_facts f on f.guest_id = g.id
        where g.id = any(%s::uuid[])
        order by g.id
    """
    return [Example(*row) for row in tx.execute(query, [list(ids)])]


TEXT = """
    with hit as materialized (
        select p.guest_id, {email} as email, {sms} as sms, {whatsapp} as whatsapp
        from (
            select f.*, a.today{today}{average}
            from guest_facts f
            join {days} as a on a.zone = f.home_zone
            {averages}
            where {here} and not f.in_no_audience
            {once}
        ) as p
        {gathered}
        where {condition}
    ),
    looked_at as materialized (select guest_id from hit order by guest_id limit {looked_at}),
    overlap as (
        select s.key, s.name, n.common / (select count(*) from looked_at)::float as share
        from (
            select k.segment, count(*) as common
            from looked_at l join membership m on m.guest_id = l.guest_id
            cross join unnest(m.segments) as k (segment)
            group by k.segment
        ) as n
        join segment s on s.number = n.segment
        where not s.private and s.key <> %(but)s
        order by n.common desc, s.key limit 6
    )
    select (select count(*) from hit), (select count(*) from hit where email), (select count(*) from hit where sms),
        (select count(*) from hit where whatsapp),
        (select count(*) from guest_facts f where {here}),
        (select array_agg(guest_id::text) from (select guest_id from looked_at order by guest_id limit 12) as first),
        (select json_agg(json_build_array(key, name, share)) from overlap)
"""
