"""Signing in by the identity provider: which account somebody is who has come back from it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from services.console.commands.access import publish_account
from services.console.commands.accounts import Member, email_indexes, ensure_person
from services.console.commands.record_audit import record_audit
from services.console.commands.signing_in.hashing import hashed
from services.console.store import accounts, identities, links
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.vocabulary.role import Role
from shared.vocabulary.term import N_

NO_ACCOUNT = N_("There is no account for you here. Ask an administrator to invite you.")
NOT_VERIFIED = N_("The identity provider does not say that your address was verified. Ask whoever looks after it.")
SOMEBODY_ELSE = N_("The account with this address belongs to somebody else at the identity provider.")


def sign_in_by_provider(
    tx: Tx, *, issuer: str, subject: str, email: str | None, name: str, newcomers: Role | None, at: datetime
) -> Account:
    """The account that was linked to this subject; the first time, the one with this verified address. `email`: None
    where the provider does not vouch for it. `newcomers`: the role of an account made now; None: none is made.

    Raises `NotFound` with what to do.
    """
    known = identities.person_of(tx, issuer, tx.keyring.indexes("subject", subject))
    account = accounts.locked(tx, known) if known else _first_time(tx, issuer, subject, email, name, newcomers, at)
    if account is None or account.role is None:
        raise NotFound(NO_ACCOUNT)
    return account


def _first_time(
    tx: Tx, issuer: str, subject: str, email: str | None, name: str, newcomers: Role | None, at: datetime
) -> Account | None:
    if email is None:
        raise NotFound(NOT_VERIFIED)
    found = accounts.by_email(tx, email_indexes(tx, email))
    if found is None and newcomers is not None:
        _make(tx, email, name, newcomers, at)
        found = accounts.by_email(tx, email_indexes(tx, email))
    if found is None or found.role is None:
        return None
    account = accounts.locked(tx, found.person_id)
    assert account is not None
    if not identities.add(tx, issuer, tx.keyring.index("subject", subject), account.person_id, at):
        raise NotFound(SOMEBODY_ELSE)
    record_audit(tx, account.name, "person.identity_linked", f"person {account.person_id}", {"issuer": issuer}, at)
    return _without_one_time_password(tx, account, at)


def _make(tx: Tx, email: str, name: str, role: Role, at: datetime) -> None:
    """All hotels, until an administrator says otherwise; a password that nobody knows."""
    wanted = Member(name=(name.strip() or email)[:200], role=role)
    ensure_person(tx, email=email, wanted=wanted, password=secrets.token_urlsafe(32), at=at)


def _without_one_time_password(tx: Tx, account: Account, at: datetime) -> Account:
    """Whoever was invited has come in: what was handed over for that opens nothing any more."""
    if account.one_time_until is None:
        return account
    closed = replace(
        account,
        password_hash=hashed(secrets.token_urlsafe(32)),
        one_time_until=None,
        version=account.version + 1,
        changed_at=at,
    )
    accounts.put(tx, closed)
    links.drop_of(tx, account.person_id)
    publish_account(tx, closed, at)
    return closed
