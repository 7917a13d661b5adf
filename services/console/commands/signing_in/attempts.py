"""Signing in: an attempt is counted before the password is checked, and taken back where it was right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.console.commands.accounts import email_indexes
from services.console.rules.pauses import FORGOTTEN_AFTER, AttemptKind, free_again, network_of
from services.console.store import accounts, attempts, known_devices
from services.console.store.accounts import Account
from services.console.store.attempts import Keys
from shared.database.pool import Tx
from shared.errors import GuestloopError

FreeAgain = Callable[[AttemptKind, int, datetime], datetime]
"""When the next attempt is allowed after so many, the last at that instant."""


class TooManyAttempts(GuestloopError):
    """Too many attempts: wait a little and try again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__()


@dataclass(frozen=True)
class Asking:
    """Who tries. `address`: of the network. `device_id`: of the browser's cookie, None without one. `session_id`: of
    somebody who is signed in and proves once more who they are; nobody else shares their count.
    """

    address: str
    device_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True)
class Attempt:
    """`account`: None where no account has the address, which the reply must not reveal. `known`: it is tried on a
    device where this person has signed in before, or in a session of theirs. `keys`: what it is counted by.
    """

    account: Account | None
    known: bool
    keys: Keys


def begin_attempt(tx: Tx, email: str, asking: Asking, at: datetime, *, of: str = "password") -> Attempt:
    """Counts an attempt. `of`: what is tried; codes are counted apart from passwords. Raises `TooManyAttempts`, in
    which case nothing is counted."""
    indexes = email_indexes(tx, email)
    account = accounts.by_email(tx, indexes)
    device_id = asking.session_id or _known_device(tx, asking.device_id, account)
    keys = keys_of(tx, of, _counted_by(indexes[0], asking, device_id))
    count_or_refuse(tx, keys, free_again, at)
    return Attempt(account, device_id is not None, keys)


def keys_of(tx: Tx, of: str, named: Mapping[AttemptKind, str]) -> Keys:
    """Blind indexes of what attempts are counted by. `of`: what is tried, so that each is counted apart."""
    return {kind: tx.keyring.index("address", f"{of} {kind} {name}") for kind, name in named.items()}


def count_or_refuse(tx: Tx, keys: Keys, free_again: FreeAgain, at: datetime) -> None:
    """Counts an attempt under each key. Raises `TooManyAttempts`, in which case nothing is counted."""
    attempts.prune(tx, at - FORGOTTEN_AFTER)
    until = max(free_again(one.kind, one.attempts, one.last_at) for one in attempts.locked(tx, keys, at))
    if until > at:
        raise TooManyAttempts(until)
    attempts.count(tx, keys, at, since=at - FORGOTTEN_AFTER)


def forgive(tx: Tx, attempt: Attempt) -> None:
    """It was right: the attempt no longer counts."""
    attempts.forgive(tx, attempt.keys)


def take_back(tx: Tx, attempt: Attempt) -> None:
    """It was not tried after all."""
    attempts.take_back(tx, attempt.keys)


def accept_password(tx: Tx, attempt: Attempt, *, new_hash: str | None = None) -> None:
    """The password was right. `new_hash`: of the same password, to be kept from now on."""
    assert attempt.account is not None
    forgive(tx, attempt)
    if new_hash:
        accounts.renew_hash(tx, attempt.account.person_id, attempt.account.password_hash, new_hash)


def _known_device(tx: Tx, device_id: UUID | None, account: Account | None) -> UUID | None:
    if device_id and account and known_devices.is_known(tx, device_id, account.person_id):
        return device_id
    return None


def _counted_by(account_key: str, asking: Asking, device_id: UUID | None) -> dict[AttemptKind, str]:
    network = network_of(asking.address)
    if device_id:
        return {AttemptKind.DEVICE: f"{device_id} {account_key}"}
    return {
        AttemptKind.ACCOUNT: account_key,
        AttemptKind.ADDRESS: network,
        AttemptKind.PAIR: f"{account_key} {network}",
    }
