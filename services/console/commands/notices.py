"""Notices by mail to the owner of an account. Where messaging has no real sender for mail, none is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.console.store import senders
from services.console.store.accounts import Account
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import NoticeRequested
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind

USEFUL_FOR = timedelta(days=1)


def can_mail(tx: Tx) -> bool:
    """Whether mail to colleagues really leaves."""
    return senders.is_real(tx, Channel.EMAIL)


def notify(
    tx: Tx,
    account: Account,
    kind: NoticeKind,
    details: Mapping[str, str],
    at: datetime,
    *,
    link: UUID | None = None,
    useful_for: timedelta = USEFUL_FOR,
) -> UUID | None:
    """Ask for a notice to the account's owner; its id, None where nothing can be sent.

    `details`: what the wording of its kind names beside the owner's name (`services/messaging/notices/kinds.py`), as a
    device; texts of one line. `link`: the id of a link of `account_link`. The words are made where it is sent.
    """
    asked = request_notice(tx, account, kind, details, at, notice_id=uuid4(), link=link, useful_for=useful_for)
    return asked.notice_id if publish_notices(tx, [asked], at) else None


def request_notice(
    tx: Tx,
    account: Account,
    kind: NoticeKind,
    details: Mapping[str, str],
    at: datetime,
    *,
    notice_id: UUID,
    useful_for: timedelta,
    link: UUID | None = None,
    page: str | None = None,
) -> NoticeRequested:
    """`at`: when what it tells of happened. `page`: a path of ours, where its kind leads to none of its own."""
    return NoticeRequested(
        notice_id=notice_id,
        version=1,
        kind=kind,
        channel=Channel.EMAIL,
        address=tx.keyring.seal(tx.keyring.open(account.email, Sealing.ACCOUNT), Sealing.NOTICE),
        language=account.language,
        link=link,
        page=page,
        details={"name": account.name, **details},
        useful_until=at + useful_for,
        occurred_at=at,
    )


def publish_notices(tx: Tx, asked: Sequence[NoticeRequested], at: datetime) -> bool:
    """False where nothing can be sent, or nothing was asked for."""
    if not asked or not can_mail(tx):
        return False
    publish(tx, chunk_of(asked), at=at)
    return True
