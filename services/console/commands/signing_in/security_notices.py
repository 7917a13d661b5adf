"""Notices to the owner of an account about its security, where mail really leaves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.console.commands.notices import notify
from services.console.store import accounts
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.vocabulary.notice import NoticeKind


class FactorChange(StrEnum):
    """What became of a second factor, as the wording of the notice tells it."""

    ADDED = "added"
    REMOVED = "removed"
    CODES = "codes"
    TAKEN_AWAY = "taken_away"  # by an administrator


def tell_of_new_device(tx: Tx, account: Account, device: str, network: str, at: datetime) -> None:
    """`device`, `network`: in words, empty where nothing is known."""
    notify(
        tx, account, NoticeKind.NEW_DEVICE, {"device": device or "–", **({"address": network} if network else {})}, at
    )


def tell_of_factor(tx: Tx, person_id: UUID, change: FactorChange, at: datetime, *, by: str | None = None) -> None:
    """`by`: the administrator who did it; None, the owner themselves."""
    account = accounts.by_id(tx, person_id)
    assert account is not None
    details = {"change": change.value, **({"by": by} if by else {})}
    notify(tx, account, NoticeKind.SECOND_FACTOR_CHANGED, details, at)
