"""Reports become due, are claimed, and are handed to messaging with the words and pictures that were made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.console.commands.notices import can_mail, publish_notices, request_notice
from services.console.commands.reports.wishes import zone_of, zones_of
from services.console.rules.reports.periods import ReportKind, next_send, window_at
from services.console.store import accounts
from services.console.store import reports as store
from services.console.store.accounts import Account
from services.console.store.reports import DueReport
from shared.access.people import PERMISSIONS, May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.role import Role

LEASE = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


def plan_reports(tx: Tx, now: datetime) -> int:
    """Of each wish whose hour has come the report of the last period, and its next hour. Periods that were missed
    while nothing ran are not sent later."""
    taken = store.take_wishes(tx, now)
    if not taken:
        return 0
    when, zones = store.hours(tx), zones_of(tx)
    reports, moved = [], []
    for one in taken:
        kind, zone = ReportKind(one.kind), zone_of(one.property, zones)
        first = window_at(kind, local_date(now, zone)).first
        until = now + kind.useful_for
        reports.append(DueReport(one.person_id, kind, one.property, first, one.language, one.with_pdf, 0, until))
        moved.append(replace(one, next_at=next_send(kind, when, zone, now)))
    store.plan(tx, reports, now)
    store.move_wishes(tx, moved)
    return len(taken)


def claim_reports(tx: Tx, token: UUID, now: datetime, most: int) -> tuple[int, list[tuple[DueReport, Account]]]:
    """How many were claimed or dropped, and those to be made, each with whose it is. Nothing is claimed while no mail
    leaves."""
    dropped = store.drop_late(tx, now)
    if not can_mail(tx):
        return dropped, []
    claimed = store.claim(tx, token, now, now + LEASE, most)
    known = {one.person_id: one for one in accounts.with_ids(tx, [one.person_id for one in claimed])}
    found = []
    for one in claimed:
        account = known.get(one.person_id)
        if account and _may_see(account, one.property):
            found.append((one, account))
        else:
            store.settle(tx, one, token, "dropped", "no_access", now)
            store.drop_wish(tx, one.person_id, one.kind, one.property)
    return dropped + len(claimed), found


def hand_over(tx: Tx, one: DueReport, account: Account, token: UUID, body: str, at: datetime) -> bool:
    """`body`: a whole mail, as `MailBody` is written. False where the claim holds no more: another one made it."""
    if not store.settle(tx, one, token, "asked", None, at):
        return False
    notice = request_notice(
        tx,
        account,
        NoticeKind.REPORT,
        {},
        at,
        notice_id=make_id("report", one.person_id, one.kind, one.property, one.first),
        useful_for=one.useful_until - at,
    )
    sealed = tx.keyring.seal(body, Sealing.NOTICE)
    publish_notices(tx, [replace(notice, body=sealed, language=one.language or account.language)], at)
    return True


def put_off(tx: Tx, one: DueReport, token: UUID, reason: str, at: datetime) -> None:
    """It is tried again after a while, as long as it is of use."""
    store.put_off(tx, one, token, reason, at + PAUSES[min(one.attempts, len(PAUSES)) - 1])


def _may_see(account: Account, code: str) -> bool:
    if account.role is None or May.SEE_FIGURES not in PERMISSIONS[Role(account.role)]:
        return False
    return not account.properties or code in account.properties
