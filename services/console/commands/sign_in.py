"""Signing in: an attempt is counted before the password is checked, and taken back where it was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.commands.accounts import email_index, email_indexes
from services.console.commands.record_audit import record_audit
from services.console.rules.pauses import FORGOTTEN_AFTER, free_again
from services.console.store import accounts, attempts
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.errors import GuestloopError


class TooManyAttempts(GuestloopError):
    """Too many attempts: wait a little and try again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__()


@dataclass(frozen=True)
class Attempt:
    """`account`: None where no account has the address, which the reply must not reveal."""

    account: Account | None
    email_index: str
    address_index: str


def begin_attempt(tx: Tx, email: str, address: str, at: datetime) -> Attempt:
    """Counts an attempt. Raises `TooManyAttempts`, in which case nothing is counted."""
    account_key, address_key = email_index(tx, email), tx.keyring.index("address", address)
    waits = [
        free_again(one.kind, one.attempts, one.last_at) for one in attempts.locked(tx, account_key, address_key, at)
    ]
    if max(waits) > at:
        raise TooManyAttempts(max(waits))
    attempts.count(tx, account_key, address_key, at, since=at - FORGOTTEN_AFTER)
    return Attempt(accounts.by_email(tx, email_indexes(tx, email)), account_key, address_key)


def forgive(tx: Tx, attempt: Attempt) -> None:
    """The password was right: the attempt no longer counts."""
    attempts.forgive(tx, attempt.email_index, attempt.address_index)


def succeed(tx: Tx, attempt: Attempt, at: datetime) -> None:
    """Records a sign-in."""
    assert attempt.account is not None
    forgive(tx, attempt)
    attempts.forget(tx, at - FORGOTTEN_AFTER)
    accounts.note_sign_in(tx, attempt.account.person_id, at)
    record_audit(tx, attempt.account.name, "signed_in", f"person {attempt.account.person_id}", {}, at)
