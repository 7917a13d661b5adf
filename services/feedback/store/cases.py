"""Cases and their history. A change that a person makes names the version they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.feedback.rules.cases import EntryKind, Outcome
from shared.database.pool import Tx
from shared.vocabulary.case import Contentment


@dataclass(frozen=True, kw_only=True)
class Case:
    case_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    kind: str
    level: int
    opened_at: datetime
    department: str | None = None
    matter: str | None = None
    room: str | None = None
    outcome: str | None = None
    content: str | None = None
    merged_into: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a case arises from. `source_id`: the answer or reply; `opened_by`: a person's name, None for the system."""

    reason: str
    source_id: UUID | None
    words_sealed: str | None
    opened_by: str | None
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class Closure:
    """How a case ends. `content`: whether the guest is; `merged_into`: the case that takes its place."""

    outcome: Outcome
    content: Contentment | None = None
    merged_into: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    entry_id: UUID
    case_id: UUID
    kind: EntryKind
    by_name: str
    at: datetime
    about: str | None = None
    words_sealed: str | None = None


def add(tx: Tx, case: Case, origin: Origin) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, {**asdict(case), **asdict(origin)}).rowcount == 1


def open_cases(tx: Tx) -> list[Case]:
    return tx.rows(
        Case,
        f"select {COLUMNS} from care_case where closed_at is null order by opened_at, case_id",
    )


def close(tx: Tx, case_id: UUID, version: int | None, closure: Closure, at: datetime) -> Case | None:
    """The case as closed; None where it was not open, or no longer of that version."""
    found = tx.rows(Case, CLOSE, {"case_id": case_id, "version": version, **asdict(closure), "at": at})
    return found[0] if found else None


def close_all_of(tx: Tx, guests: Sequence[UUID], outcome: Outcome, at: datetime) -> None:
    """The open cases of guests who are gone."""
    tx.execute(CLOSE_ALL, {"guests": list(guests), "outcome": outcome, "at": at})


def follow(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Case, bool]]:
    """Cases about the guest's stays, or that arose from a reply of theirs, are the guest's; each with whether it is
    open."""
    found = tx.execute(FOLLOW, params).fetchall()
    names = [each.name for each in fields(Case)]
    return [(Case(**dict(zip(names, row, strict=False))), row[-1]) for row in found]


def reopen(tx: Tx, case_id: UUID, version: int, deadline: datetime) -> Case | None:
    """The case as opened again; None where it was not closed, or no longer of that version."""
    found = tx.rows(Case, REOPEN, {"case_id": case_id, "version": version, "deadline": deadline})
    return found[0] if found else None


def assign(tx: Tx, case_id: UUID, version: int, owner_id: UUID) -> bool:
    """Whether it was open and still of that version."""
    return tx.execute(ASSIGN, {"case_id": case_id, "version": version, "owner_id": owner_id}).rowcount == 1


def change(tx: Tx, case_id: UUID, version: int, column: str, value: str | None) -> bool:
    """Another department, matter or room; whether it was open, still of that version, and is another one."""
    query = CHANGE.format(column={"department": "department", "matter": "matter", "room": "room"}[column])
    return tx.execute(query, {"case_id": case_id, "version": version, "value": value}).rowcount == 1


def change_level(tx: Tx, case_id: UUID, version: int, level: int, hours: timedelta, at: datetime) -> bool:
    """A greater level brings the deadline nearer, a lesser one puts it off. Whether it was open, of that version and
    of another level."""
    values = {"case_id": case_id, "version": version, "level": level, "takes": hours, "at": at}
    return tx.execute(CHANGE_LEVEL, values).rowcount == 1


def take_late(tx: Tx, at: datetime, most: int) -> list[Case]:
    """Open cases whose deadline has just passed, each once."""
    return tx.rows(Case, TAKE_LATE, {"at": at, "most": most})


def compensations_of(tx: Tx, case_id: UUID) -> list[str]:
    """The kinds that count, each once."""
    query = """
        select distinct kind from case_compensation where case_id = %s and withdrawn_at is null order by kind
    """
    return [kind for (kind,) in tx.execute(query, [case_id])]


def lock_open(tx: Tx, case_id: UUID) -> bool:
    """Whether it is open; it stays so until the end of the transaction."""
    query = "select from care_case where case_id = %s and closed_at is null for update"
    return tx.execute(query, [case_id]).fetchone() is not None


def enter(tx: Tx, entry: Entry) -> bool:
    """Whether the entry is new."""
    return tx.execute(ENTER, asdict(entry)).rowcount == 1


def enter_all(tx: Tx, entries: Sequence[Entry]) -> None:
    if entries:
        with tx.connection.cursor() as cursor:
            cursor.executemany(ENTER, [asdict(entry) for entry in entries])


COLUMNS = """case_id, version, guest_id, stay_id, property, kind, level, opened_at, department, matter, room, outcome,
             content, merged_into"""
ADD = """
    insert into care_case
        (case_id, version, guest_id, stay_id, property, kind, level, opened_at, deadline, reason, source_id,
         words_sealed, opened_by, department, matter, room)
    values
        (%(case_id)s, %(version)s, %(guest_id)s, %(stay_id)s, %(property)s, %(kind)s, %(level)s, %(opened_at)s,
         %(deadline)s, %(reason)s, %(source_id)s, %(words_sealed)s, %(opened_by)s, %(department)s,
         %(matter)s, %(room)s)
    on conflict do nothing
"""
CLOSE_ALL = """
    update care_case set closed_at = %(at)s, outcome = %(outcome)s, version = version + 1
    where guest_id = any(%(guests)s::uuid[]) and closed_at is null
"""
FOLLOW = f"""
    update care_case set guest_id = %(guest)s, version = version + 1
    where guest_id = %(from)s and (stay_id = any(%(stays)s::uuid[]) or exists (
        select from reply where reply_id = source_id and reply.guest_id = %(guest)s))
    returning {COLUMNS}, closed_at is null
"""
CLOSE = f"""
    update care_case
    set version = version + 1, closed_at = %(at)s, outcome = %(outcome)s,
        content = %(content)s, merged_into = %(merged_into)s
    where case_id = %(case_id)s and closed_at is null and version = coalesce(%(version)s::bigint, version)
    returning {COLUMNS}
"""
REOPEN = f"""
    update care_case
    set version = version + 1, closed_at = null, outcome = null, content = null, merged_into = null, late_at = null,
        deadline = %(deadline)s
    where case_id = %(case_id)s and closed_at is not null and version = %(version)s
    returning {COLUMNS}
"""
ASSIGN = """
    update care_case
    set version = version + 1, owner_id = %(owner_id)s
    where case_id = %(case_id)s and closed_at is null and version = %(version)s
"""
ENTER = """
    insert into case_entry (entry_id, case_id, kind, by_name, about, words_sealed, at)
    values (%(entry_id)s, %(case_id)s, %(kind)s, %(by_name)s, %(about)s, %(words_sealed)s, %(at)s)
    on conflict do nothing
"""
CHANGE = """
    update care_case set version = version + 1, {column} = %(value)s::text
    where case_id = %(case_id)s and closed_at is null and version = %(version)s
      and {column} is distinct from %(value)s::text
"""
CHANGE_LEVEL = """
    update care_case
    set version = version + 1, level = %(level)s,
        deadline = case when %(level)s > level then least(deadline, %(at)s + %(takes)s)
                        else greatest(deadline, opened_at + %(takes)s) end,
        late_at = case when %(level)s > level then late_at end
    where case_id = %(case_id)s and closed_at is null and version = %(version)s and level <> %(level)s
"""
TAKE_LATE = f"""
    with late as (
        select case_id as number from care_case
        where closed_at is null and late_at is null and deadline <= %(at)s
        order by deadline, case_id limit %(most)s for update skip locked
    )
    update care_case set late_at = %(at)s from late where case_id = number
    returning {COLUMNS}
"""
