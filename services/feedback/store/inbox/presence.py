"""Who is writing an answer at the moment: a row of two minutes, renewed while there is something in the box."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.access.people import Person
from shared.database.pool import Tx


def keep(tx: Tx, thread_id: UUID, who: Person, now: datetime, until: datetime) -> None:
    """What is over goes with it, so that the table holds those who are writing and no other."""
    tx.execute("delete from thread_presence where until <= %s", [now])
    tx.execute(KEEP, {"thread": thread_id, "person": who.person_id, "name": who.name, "until": until})


def end(tx: Tx, thread_id: UUID, who: Person) -> None:
    tx.execute("delete from thread_presence where thread_id = %s and person_id = %s", [thread_id, who.person_id])


def others(tx: Tx, thread_id: UUID, who: Person, now: datetime) -> list[str]:
    """Who else is writing, by name."""
    query = """
        select name from thread_presence where thread_id = %s and person_id <> %s and until > %s order by name
    """
    return [name for (name,) in tx.execute(query, [thread_id, who.person_id, now])]


KEEP = """
    insert into thread_presence (thread_id, person_id, name, until)
    values (%(thread)s, %(person)s, %(name)s, %(until)s)
    on conflict (thread_id, person_id) do update set until = excluded.until, name = excluded.name
"""
