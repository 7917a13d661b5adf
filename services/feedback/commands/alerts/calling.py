"""Calls whoever is next. Nothing of the guest is in it: what happened, where, and an address behind the sign-in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from services.feedback.rules.alerts import USEFUL_FOR, CallTurn, next_turn
from services.feedback.store.care import alerts as store
from services.feedback.store.care.alerts import Alert, Call
from services.feedback.store.care.duty import OnDuty, addresses_of, as_member, lists_of
from services.feedback.store.care.terms import cares_of
from services.feedback.store.properties import names_of
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import NoticeRequested
from shared.events.feedback import AlertUnlisted
from shared.ids import make_id
from shared.vocabulary.case import AlertReason
from shared.vocabulary.notice import NoticeKind


def call(tx: Tx, alerts: Sequence[Alert], at: datetime) -> list[Alert]:
    """One turn of each; those at whose hotel nobody is on the duty list. The alerts are locked. Publishes
    notice.requested.

    A call and the request for its notices are one transaction; the number of a notice is that of the alert, the turn,
    the person and the channel, so that however often this is done nobody is called twice.
    """
    if not alerts:
        return []
    hotels = {one.property for one in alerts}
    lists, cares, names = lists_of(tx, hotels), cares_of(tx, hotels), names_of(tx, hotels)
    moves, calls, notices, unlisted = [], list[Call](), list[NoticeRequested](), list[Alert]()
    for alert in alerts:
        on_duty = {one.member_id: one for one in lists.get(alert.property, [])}
        members = [as_member(one) for one in on_duty.values()]
        answer_within = cares[alert.property].terms.answer_within
        turn = next_turn(members, AlertReason(alert.because), alert.turn, answer_within, at)
        moves.append((alert.alert_id, turn.turn, turn.next_at, _ended(turn, bool(members))))
        unlisted += [] if members else [alert]
        for one in (on_duty[each.member_id] for each in turn.called):
            hotel = names.get(alert.property or one.property, "")
            for made, notice in _called(alert, turn.turn, one, hotel, at):
                calls.append(made)
                notices.append(notice)
    store.add_calls(tx, calls)
    store.move_on(tx, moves, at)
    if notices:
        publish(tx, chunk_of(notices), at=at)
    return unlisted


def call_or_tell(tx: Tx, alerts: Sequence[Alert], at: datetime) -> None:
    """The same, where no case.opened says whom to tell. Publishes alert.unlisted as well."""
    states = [
        AlertUnlisted(
            alert_id=one.alert_id,
            version=1,
            because=AlertReason(one.because),
            property=one.property,
            occurred_at=at,
        )
        for one in call(tx, alerts, at)
    ]
    if states:
        publish(tx, chunk_of(states), at=at)


def _ended(turn: CallTurn, has_list: bool) -> str | None:
    if turn.next_at is not None:
        return None
    return "given_up" if has_list else "nobody"


def _called(alert: Alert, turn: int, one: OnDuty, hotel: str, at: datetime) -> Iterator[tuple[Call, NoticeRequested]]:
    """On every channel there is an address for, at once."""
    details = {"name": one.name, "what": alert.because, "hotel": hotel, "room": alert.room or ""}
    for channel, address in addresses_of(one).items():
        notice_id = make_id("duty call", alert.alert_id, turn, one.member_id, channel)
        yield (
            Call(
                notice_id=notice_id,
                alert_id=alert.alert_id,
                turn=turn,
                member_id=one.member_id,
                name=one.name,
                channel=channel,
                called_at=at,
            ),
            NoticeRequested(
                notice_id=notice_id,
                version=1,
                kind=NoticeKind.DUTY_CALL,
                channel=channel,
                address=address,
                language=one.language,
                link=None,
                page=page_of(alert.case_id, alert.task_id),
                details={name: text for name, text in details.items() if text},
                useful_until=at + USEFUL_FOR,
                occurred_at=at,
            ),
        )


def page_of(case_id: UUID | None, task_id: UUID | None) -> str:
    """Where a call leads: behind the sign-in, which it does not open."""
    if case_id:
        return f"/feedback/cases/{case_id}"
    return "/feedback/tasks" if task_id else "/feedback/alerts"
