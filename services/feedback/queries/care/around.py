"""What belongs to one case: compensation, pictures, who was called, tasks, and cases that were merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.feedback.queries.cases import SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class CompensationLine:
    compensation_id: UUID
    kind: str
    amount: Decimal | None
    currency: str | None
    approved_by: str
    given_by: str
    at: datetime
    withdrawn_by: str | None


@dataclass(frozen=True, kw_only=True)
class PictureLine:
    case_id: UUID
    picture_id: UUID
    width: int
    height: int
    added_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PictureContent:
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class CallLine:
    """A call of an alert; of an alert without calls one line without a name."""

    alert_id: UUID
    because: str
    raised_at: datetime
    next_at: datetime | None
    ended: str | None
    ended_at: datetime | None
    answered_by: str | None
    turn: int | None
    name: str | None
    channel: str | None
    called_at: datetime | None
    state: str | None
    reason: str | None
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OtherCase:
    """Another case of the same person."""

    case_id: UUID
    kind: str
    matter: str | None
    property: str | None
    opened_at: datetime
    words_sealed: str | None


def compensations(tx: Tx, case_id: UUID) -> list[CompensationLine]:
    return tx.rows(CompensationLine, COMPENSATIONS, [case_id])


def pictures(tx: Tx, cases: Sequence[UUID]) -> list[PictureLine]:
    return tx.rows(PictureLine, PICTURES, [list(cases)])


def picture(tx: Tx, case_id: UUID, picture_id: UUID) -> PictureContent | None:
    found = tx.rows(PictureContent, PICTURE, [case_id, picture_id])
    return found[0] if found else None


def calls(tx: Tx, case_id: UUID) -> list[CallLine]:
    """The newest alert first, its calls in order."""
    return tx.rows(CallLine, CALLS, [case_id])


def somebody_asked(tx: Tx, source_id: UUID) -> bool:
    """Whether somebody looks after what arose from this answer or reply, or was called of it and it has not failed."""
    found = tx.execute(SOMEBODY_ASKED, {"source_id": source_id}).fetchone()
    return bool(found and found[0])


def merged_into(tx: Tx, case_id: UUID, scope: Scope) -> list[OtherCase]:
    """As far as the reader may see them: one who sees two hotels merges a case of the one into a case of the other."""
    return tx.rows(OtherCase, f"{OTHER} {MERGED_INTO}", {"case_id": case_id, **scope.values})


def others_open(tx: Tx, case_id: UUID, guests: Sequence[UUID], scope: Scope) -> list[OtherCase]:
    """The open cases of these guests but this one, as far as the reader may see them."""
    params = {"case_id": case_id, "guests": list(guests), **scope.values}
    return tx.rows(OtherCase, f"{OTHER} {OTHERS_OPEN}", params)


COMPENSATIONS = """
    select compensation_id, kind, amount, currency, approved_by, given_by, at, withdrawn_by
    from case_compensation where case_id = %s order by at, compensation_id
"""
PICTURES = """
    select case_id, picture_id, width, height, added_by, at from case_picture where case_id = any(%s::uuid[])
    order by at, picture_id
"""
PICTURE = "select media_type, content from case_picture where case_id = %s and picture_id = %s"
CALLS = """
    select alert_id, because, raised_at, next_at, ended, ended_at, answered_by, call.turn, name, channel, called_at,
           state, reason, settled_at
    from alert left join alert_call as call using (alert_id)
    where case_id = %s
    order by raised_at desc, alert_id, call.turn, name, channel
"""
SOMEBODY_ASKED = """
    select exists (
        select from care_case as kase
        left join person_known as person on person.person_id = kase.owner_id
        where source_id = %(source_id)s and (person.role is not null or exists (
            select from alert join alert_call as call using (alert_id)
            where alert.case_id = kase.case_id and state in ('asked', 'sent'))))
"""
OTHER = """
    select kase.case_id, kase.kind, kase.matter, kase.property, kase.opened_at,
           coalesce(kase.words_sealed, answer.comment_sealed, reply.text_sealed) as words_sealed
    from care_case as kase
    left join guest_known as guest using (guest_id)
    left join survey_answer as answer on answer.answer_id = kase.source_id
    left join reply on reply.reply_id = kase.source_id
"""
MERGED_INTO = f"where kase.merged_into = %(case_id)s and {SEEN} order by kase.opened_at, kase.case_id"
OTHERS_OPEN = f"""
    where kase.guest_id = any(%(guests)s::uuid[]) and kase.case_id <> %(case_id)s and kase.closed_at is null and {SEEN}
    order by kase.opened_at desc, kase.case_id limit 20
"""
