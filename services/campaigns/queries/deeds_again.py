"""What journeys asked of the staff and of guests' records, to be asked again word for word: sources for
`shared.bus.republish`.

Each as of when it was due, so that a tag that somebody took away by hand since does not come back. What was asked
before its due instant was written down is left out, and so is what an erased guest was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.deeds import tag_row, task_row, tier_row
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update
from services.campaigns.store.journeys import documents_of
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.campaigns import GuestTierRequested, GuestUpdateRequested, TaskRequested

Key = tuple[Any, ...]


@dataclass(frozen=True)
class AskedRow:
    id: UUID
    journey: str
    journey_version: int
    step: str
    property: str | None
    due_at: datetime
    asked_at: datetime
    guest_id: UUID
    stay_id: UUID | None


def tasks_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Those of which nothing was heard or that are open: a closed one is known."""
    found = _asked(tx, "kind = 'task' and closed_at is null and deed.property is not null", after, most)
    return chunk_of_rows(
        TaskRequested,
        [
            task_row(one.id, journey, step, one.guest_id, one.stay_id, one.property, one.asked_at)
            for one, journey, step in found
            if isinstance(step, Task) and one.property is not None
        ],
    )


def tags_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    found = _asked(tx, f"kind = 'update' and {OF_STEP} ? 'tag'", after, most)
    return chunk_of_rows(
        GuestUpdateRequested,
        [
            tag_row(one.id, journey, step, one.guest_id, one.due_at)
            for one, journey, step in found
            if isinstance(step, Update)
        ],
    )


def tiers_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    found = _asked(tx, f"kind = 'update' and {OF_STEP} ? 'tier'", after, most)
    return chunk_of_rows(
        GuestTierRequested,
        [
            tier_row(one.id, journey, step, one.guest_id, one.due_at)
            for one, journey, step in found
            if isinstance(step, Update)
        ],
    )


OF_STEP = """
    (select step.it -> 'update'
     from journey_version as written, jsonb_array_elements(written.document -> 'steps') as step (it)
     where written.journey = deed.journey and written.version = deed.journey_version and it ->> 'key' = deed.step)
"""


def _asked(tx: Tx, which: str, after: Key | None, most: int) -> Iterator[tuple[AskedRow, Journey, object]]:
    """With the step as it stood in the version that asked."""
    rows = tx.rows(
        AskedRow,
        f"""
        select deed.id, deed.journey, journey_version, deed.step, deed.property, deed.due_at, asked_at,
               enrolment.guest_id, enrolment.stay_id
        from deed join enrolment on enrolment.id = enrolment_id
        where {which} and deed.due_at is not null and (%(after)s::uuid is null or deed.id > %(after)s)
          and not exists (select from guest_known as known
                          where known.guest_id = enrolment.guest_id and ended = 'erased')
        order by deed.id limit %(most)s
        """,
        {"after": after[0] if after else None, "most": most},
    )
    documents = documents_of(tx, ((row.journey, row.journey_version) for row in rows)) if rows else {}
    for row in rows:
        journey = documents[row.journey, row.journey_version]
        yield row, journey, journey.steps[journey.places[row.step]]
