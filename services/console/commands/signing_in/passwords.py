"""Passwords: generated, checked, chosen, and hashed anew where their hash is outdated."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.console.commands.access import publish_account
from services.console.commands.notices import notify
from services.console.commands.record_audit import record_audit
from services.console.commands.sessions import end_unpublished
from services.console.commands.signing_in.hashing import hashed, is_outdated, matches
from services.console.rules.passwords import weakness
from services.console.store import accounts as store
from services.console.store import links, properties
from services.console.store.accounts import Account
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.term import N_

NOT_CHANGED = N_("The password was not changed.")
ONE_TIME_LASTS = timedelta(days=7)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


def one_time_password() -> str:
    """Sixteen letters and digits in four groups, easy to read out and to type from paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _each in range(4)) for _group in range(4))


def one_time_password_ends(at: datetime) -> datetime:
    return at + ONE_TIME_LASTS


def is_right(account: Account | None, password: str, *, known: bool = True) -> bool:
    """Whether the password opens the account. Takes as long where there is no account. `known`: no stranger asks.

    Raises `TooBusy`.
    """
    right = matches(account.password_hash if account else None, password, known=known)
    return right and account is not None and account.role is not None


def renewed_hash(account: Account, password: str) -> str | None:
    """After a right password: the hash to keep from now on; None where the one there is good. Raises `TooBusy`."""
    return hashed(password) if is_outdated(account.password_hash) else None


def refuse_weak(tx: Tx, password: str, *, name: str, email: str) -> None:
    """Raises `InputError` for a password that is quickly guessed, also by those who know the person and the hotels."""
    if weak := weakness(password, (name, email, *properties.names(tx))):
        raise InputError(N_("The password was not changed."), {"password": weak.label})


def choose_password(
    tx: Tx, person_id: UUID, password: str, at: datetime, *, old: str, session_id: UUID | None = None
) -> Account:
    """A person chooses a new password: all their sessions end, and the caller renews the one at hand, `session_id`.

    Raises `InputError`.
    """
    account = store.locked(tx, person_id)
    if account is None or account.role is None:
        raise NotFound()
    if not is_right(account, old):
        raise InputError(NOT_CHANGED, {"old": N_("This is not your present password.")})
    return set_password(tx, account, password, at, but=session_id)


def choose_first_password(tx: Tx, person_id: UUID, password: str, at: datetime, *, sessions_ended: int) -> Account:
    """As `choose_password`, after a sign-in with a one-time password. `sessions_ended`: the count at that sign-in.

    Raises `InputError`, and `NotFound` where the one-time password has been used or replaced.
    """
    account = store.locked(tx, person_id)
    if (
        account is None
        or account.role is None
        or not account.one_time_until
        or account.sessions_ended != sessions_ended
    ):
        raise NotFound(N_("This one-time password was used already. Sign in with your own."))
    return set_password(tx, account, password, at)


def set_password(tx: Tx, account: Account, password: str, at: datetime, *, but: UUID | None = None) -> Account:
    """Of an account that is locked: all its sessions end `but` one, and all links for a new password; its owner is
    told. Raises `InputError`.
    """
    if matches(account.password_hash, password):
        raise InputError(NOT_CHANGED, {"password": N_("This is the password you have now.")})
    refuse_weak(tx, password, name=account.name, email=tx.keyring.open(account.email, Sealing.ACCOUNT))
    chosen = replace(
        account,
        password_hash=hashed(password),
        one_time_until=None,
        sessions_ended=account.sessions_ended + 1,
        version=account.version + 1,
        changed_at=at,
    )
    store.put(tx, chosen)
    publish_account(tx, chosen, at)
    end_unpublished(tx, account.person_id, at, but=but)
    links.drop_of(tx, account.person_id)
    if not account.one_time_until:
        notify(tx, chosen, NoticeKind.PASSWORD_CHANGED, {}, at)
    record_audit(tx, account.name, "person.password_chosen", f"person {account.person_id}", {}, at)
    return chosen
