"""How many guests' contacts and words somebody reads in full: counted by person and hour in rows of each service.

Whoever looks after guests opens some dozens an hour; whoever copies the list meets the limit, and the audit trail says
so. Who was shown once costs nothing again within the hour. The transaction that shows is the one that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx

WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Shown:
    """`subjects`: who may be shown now. `until`: from when on more may be, where somebody was refused."""

    subjects: frozenset[UUID]
    until: datetime | None = None


def show(tx: Tx, who: Person, subjects: Sequence[UUID], limit: int, at: datetime) -> Shown:
    """Counts those of `subjects` whom this person has not been shown in the last hour, in their order, up to `limit`
    of them in any hour. One person's pages are counted one after another.
    """
    tx.execute("select pg_advisory_xact_lock(hashtextextended('contacts ' || %s::text, 0))", [who.person_id])
    tx.execute("delete from contact_shown where person_id = %s and shown_at <= %s", [who.person_id, at - WINDOW])
    known = dict(tx.execute("select subject_id, shown_at from contact_shown where person_id = %s", [who.person_id]))
    new = [one for one in dict.fromkeys(subjects) if one not in known]
    granted, refused = new[: max(limit - len(known), 0)], new[max(limit - len(known), 0) :]
    tx.execute(NOTE, {"person_id": who.person_id, "subjects": granted, "at": at})
    shown = frozenset([*granted, *(one for one in subjects if one in known)])
    if not refused:
        return Shown(shown)
    until = min([*known.values(), at]) + WINDOW
    if tx.execute(MET, {"person_id": who.person_id, "at": at, "before": at - WINDOW}).rowcount:
        details = {"limit": limit, "until": until.isoformat()}
        record(tx, who, "contacts.limit_reached", f"person {who.person_id}", details, at)
    return Shown(shown, until)


NOTE = """
    insert into contact_shown (person_id, subject_id, shown_at)
    select %(person_id)s, subject_id, %(at)s from unnest(%(subjects)s::uuid[]) as new (subject_id)
"""
MET = """
    insert into contact_limit_met as old (person_id, met_at) values (%(person_id)s, %(at)s)
    on conflict (person_id) do update set met_at = excluded.met_at where old.met_at <= %(before)s
"""
