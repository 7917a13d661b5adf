"""Cases as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import seen
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.case import CaseKind

A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class CaseLine(Named):
    """`words_sealed`: the guest's words that opened it; `score`: of the survey that opened it."""

    case_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    reservation: str | None
    property: str | None
    hotel: str | None
    zone: str
    kind: str
    level: int
    reason: str
    score: int | None
    words_sealed: str | None
    opened_by: str | None
    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
    outcome: str | None
    owner_id: UUID | None
    owner: str | None
    department: str | None
    matter: str | None
    room: str | None
    content: str | None
    merged_into: UUID | None
    late_at: datetime | None
    source_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class EntryLine:
    case_id: UUID
    kind: str
    by_name: str
    about: str | None
    words_sealed: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Counts:
    open: int
    mine: int
    nobodys: int
    complaints: int
    late: int
    oldest: datetime | None
    unanswered: int


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What a list of cases is filtered by. `view`: open, mine, nobodys or closed; `after`: the last line's key."""

    view: str
    kind: str
    scope: Scope
    me: UUID
    department: str = ""
    after: tuple[datetime, UUID] | None = None


def cases(tx: Tx, asked: CaseFilter) -> list[CaseLine]:
    """One more than a page holds, where there are more: open ones by deadline, closed ones newest first."""
    closed = asked.view == "closed"
    at, key = asked.after or (None, None)
    params: dict[str, Any] = {
        "kind": asked.kind or None,
        "department": asked.department or None,
        **asked.scope.values,
        "owner_id": asked.me if asked.view == "mine" else None,
        "nobodys": asked.view == "nobodys",
        "at": at,
        "key": key,
        "most": A_PAGE + 1,
    }
    return tx.rows(CaseLine, f"{LINE} {WHERE} {CLOSED_ONES if closed else OPEN_ONES}", params)


def case(tx: Tx, case_id: UUID, scope: Scope) -> CaseLine | None:
    found = tx.rows(
        CaseLine, f"{LINE} where kase.case_id = %(case_id)s and {SEEN}", {"case_id": case_id, **scope.values}
    )
    return found[0] if found else None


def cases_of(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[CaseLine]:
    """A guest's cases, newest first."""
    params = {"guests": list(guests), **scope.values, "most": most}
    return tx.rows(CaseLine, f"{LINE} {OF_GUEST}", params)


def entries(tx: Tx, cases: Sequence[UUID]) -> list[EntryLine]:
    """The newest first."""
    return tx.rows(EntryLine, ENTRIES, {"cases": list(cases)})


def counts(tx: Tx, scope: Scope, me: UUID | None, now: datetime) -> Counts:
    params = {
        **scope.values,
        "me": me,
        "now": now,
        "complaint": CaseKind.COMPLAINT,
    }
    return tx.rows(Counts, COUNTS, params)[0]


LINE = """
    select kase.case_id, kase.version, kase.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name, kase.stay_id, stay.reservation, kase.property,
           hotel.name as hotel, coalesce(hotel.zone, 'UTC') as zone, kase.kind, kase.level, kase.reason, answer.score,
           coalesce(kase.words_sealed, answer.comment_sealed, reply.text_sealed) as words_sealed, kase.opened_by,
           kase.opened_at, kase.deadline, kase.closed_at, kase.outcome, kase.owner_id, person.name as owner,
           kase.department, kase.matter, kase.room, kase.content, kase.merged_into, kase.late_at, kase.source_id
    from care_case as kase
    left join guest_known as guest using (guest_id)
    left join stay_known as stay on stay.stay_id = kase.stay_id
    left join hotel_known as hotel on hotel.code = kase.property
    left join survey_answer as answer on answer.answer_id = kase.source_id
    left join reply on reply.reply_id = kase.source_id
    left join person_known as person on person.person_id = kase.owner_id
"""
SEEN = seen("kase.property")
WHERE = f"""
    where {SEEN}
      and kase.kind = coalesce(%(kind)s::text, kase.kind)
      and (%(department)s::text is null or kase.department = %(department)s)
      and (%(owner_id)s::uuid is null or kase.owner_id = %(owner_id)s::uuid)
      and not (%(nobodys)s and kase.owner_id is not null and person.role is not null)
"""
OPEN_ONES = """
      and kase.closed_at is null
      and (%(at)s::timestamptz is null or (kase.deadline, kase.case_id) > (%(at)s::timestamptz, %(key)s::uuid))
    order by kase.deadline, kase.case_id
    limit %(most)s
"""
CLOSED_ONES = """
      and kase.closed_at is not null
      and (%(at)s::timestamptz is null or (kase.closed_at, kase.case_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by kase.closed_at desc, kase.case_id desc
    limit %(most)s
"""
OF_GUEST = f"""
    where kase.guest_id = any(%(guests)s::uuid[]) and {SEEN}
    order by kase.opened_at desc, kase.case_id
    limit %(most)s
"""
ENTRIES = """
    select case_id, kind, by_name, about, words_sealed, at from case_entry
    where case_id = any(%(cases)s::uuid[])
    order by at desc, entry_id
"""
OF_NO_HOTEL = "num_nonnulls(alert.property, alert.case_id, alert.task_id) = 0"
ALERT_SEEN = f"({within('alert.property')} or {OF_NO_HOTEL})"
"""A stranger's words call the people of every hotel, and any of them may answer: nothing of the guest stands in it."""
UNANSWERED = """(ended is null or ended = 'given_up' or ended = 'nobody' and case_id is null)"""
"""Of a case at a hotel without a duty list console tells the duty managers, and the case itself waits on the list."""
COUNTS = f"""
    select count(*) as open, count(*) filter (where owner_id = %(me)s::uuid) as mine,
           count(*) filter (where person.role is null) as nobodys,
           count(*) filter (where kind = %(complaint)s) as complaints,
           count(*) filter (where deadline < %(now)s) as late, min(opened_at) as oldest,
           (select count(*) from alert where {UNANSWERED} and {ALERT_SEEN}) as unanswered
    from care_case as kase left join guest_known as guest using (guest_id)
    left join person_known as person on person.person_id = kase.owner_id
    where closed_at is null and {SEEN}
"""
