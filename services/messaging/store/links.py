"""Links at rest: what was published by number, and where a hotel or a country chose otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.messaging.rules.links.tracking import LinkChoices
from shared.database.pool import Tx
from shared.rows import row


@row
class PublishedLink:
    template: str
    version: int
    language: str
    channel: str
    number: int
    target: str
    utm: bool


def keep_links(tx: Tx, links: Sequence[PublishedLink]) -> None:
    """Each once: what was numbered stays so."""
    if not links:
        return
    tx.execute(
        """
        insert into link (template, version, language, channel, number, target, utm)
        select * from unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::int[], %s::text[], %s::boolean[])
        on conflict do nothing
        """,
        [
            [one.template for one in links],
            [one.version for one in links],
            [one.language for one in links],
            [one.channel for one in links],
            [one.number for one in links],
            [one.target for one in links],
            [one.utm for one in links],
        ],
    )


def has_links(tx: Tx, template: str, version: int) -> bool:
    row = tx.execute("select exists (select from link where (template, version) = (%s, %s))", [template, version])
    found = row.fetchone()
    assert found is not None
    return bool(found[0])


def link_choices(tx: Tx) -> LinkChoices:
    rows = tx.execute("select kind, key from link_choice where not clicks").fetchall()
    return LinkChoices(frozenset(rows))


@dataclass(frozen=True)
class LinkChoice:
    kind: str
    key: str
    clicks: bool
    utm: bool
    chosen_by: str
    chosen_at: datetime


def chosen(tx: Tx) -> list[LinkChoice]:
    query = "select kind, key, clicks, utm, chosen_by, chosen_at from link_choice order by kind, key"
    return tx.rows(LinkChoice, query)


def choose(tx: Tx, kind: str, key: str, choices: Mapping[str, bool], *, by: str, at: datetime) -> bool:
    """`choices`: by clicks or utm; what is not among them stays as it is. False where nothing changes."""
    wanted = {"clicks": choices.get("clicks"), "utm": choices.get("utm")}
    return bool(
        tx.execute(
            """
            insert into link_choice as made (kind, key, clicks, utm, chosen_by, chosen_at)
            values (%(kind)s, %(key)s, coalesce(%(clicks)s, true), coalesce(%(utm)s, true), %(by)s, %(at)s)
            on conflict (kind, key) do update set clicks = coalesce(%(clicks)s, made.clicks),
                utm = coalesce(%(utm)s, made.utm), chosen_by = %(by)s, chosen_at = %(at)s
            where (made.clicks, made.utm) <> (coalesce(%(clicks)s, made.clicks), coalesce(%(utm)s, made.utm))
            """,
            {"kind": kind, "key": key, "by": by, "at": at, **wanted},
        ).rowcount
    )
