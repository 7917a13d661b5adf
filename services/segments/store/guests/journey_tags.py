"""Tags that journeys gave guests or took from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class TagUpdate:
    """A journey's word on one tag of one guest; `refused`: why it was not done."""

    update_id: UUID
    guest_id: UUID
    tag: str
    given: bool
    journey: str
    journey_name: str
    requested_at: datetime
    refused: str | None = None


@dataclass(frozen=True)
class Tagged:
    """A living guest, locked."""

    id: UUID
    tags: list[str]
    rights: list[str]


def survivors(tx: Tx, guests: Sequence[UUID]) -> dict[UUID, UUID]:
    """By guest, who they are by now: those of them who were merged away."""
    rows = tx.execute(
        """
        with recursive ahead (id, at) as (
            select id, merged_into from guest where id = any(%s) and merged_into is not null
            union all
            select ahead.id, guest.merged_into from ahead join guest on guest.id = ahead.at
            where guest.merged_into is not null
        )
        select ahead.id, at from ahead join guest on guest.id = ahead.at where guest.merged_into is null
        """,
        [list(guests)],
    )
    return dict(rows.fetchall())


def lock_tagged(tx: Tx, guests: Sequence[UUID]) -> list[Tagged]:
    query = """
        select id, tags, rights from guest where id = any(%s) and merged_into is null and erased_at is null
        order by id for update
    """
    return tx.rows(Tagged, query, [list(guests)])


def keep_newest(tx: Tx, updates: Sequence[TagUpdate]) -> set[UUID]:
    """Those that are the last word of journeys on their tag; each (guest, tag) stands once among them."""
    ordered = sorted(updates, key=lambda one: (one.guest_id, one.tag))
    rows = tx.execute(
        """
        insert into journey_tag (guest_id, tag, update_id, requested_at, given, journey, journey_name, refused)
        select * from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s::boolean[], %s::text[],
                             %s::text[], %s::text[])
        on conflict (guest_id, tag) do update
        set update_id = excluded.update_id, requested_at = excluded.requested_at, given = excluded.given,
            journey = excluded.journey, journey_name = excluded.journey_name, refused = excluded.refused
        where (journey_tag.requested_at, journey_tag.update_id) < (excluded.requested_at, excluded.update_id)
        returning update_id
        """,
        [
            [one.guest_id for one in ordered],
            [one.tag for one in ordered],
            [one.update_id for one in ordered],
            [one.requested_at for one in ordered],
            [one.given for one in ordered],
            [one.journey for one in ordered],
            [one.journey_name for one in ordered],
            [one.refused for one in ordered],
        ],
    )
    return {update for (update,) in rows}


def set_tags(tx: Tx, tags: Mapping[UUID, Sequence[str]], at: datetime) -> None:
    """Of guests who are locked; by guest, all tags they have from now on."""
    tx.execute(
        """
        update guest set tags = array(select unnest(string_to_array(new.tags, ','))), version = version + 1,
            changed_at = %s
        from unnest(%s::uuid[], %s::text[]) as new (id, tags) where guest.id = new.id
        """,
        [at, list(tags), [",".join(one) for one in tags.values()]],  # no tag has a comma
    )


def given_by_journeys(tx: Tx, guest_id: UUID) -> dict[str, str]:
    """By tag that a journey gave and the guest still has, the journey's name."""
    rows = tx.execute(
        """
        select tag, journey_name from journey_tag join guest on guest.id = guest_id
        where guest_id = %s and given and refused is null and tag = any(guest.tags)
        """,
        [guest_id],
    )
    return dict(rows.fetchall())
