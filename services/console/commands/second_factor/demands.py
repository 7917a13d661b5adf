"""Who needs a second factor, and how one is taken away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.console.commands.record_audit import record_audit
from services.console.commands.sessions import end_all_sessions
from services.console.commands.signing_in.security_notices import FactorChange, tell_of_factor
from services.console.store import passkeys
from services.console.store import second_factors as store
from services.console.store.accounts import Account
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.role import Role
from shared.vocabulary.term import N_

NEEDED = N_("The house asks administrators for a second factor: add another one before you remove this one.")


def lacks_demanded(tx: Tx, account: Account) -> bool:
    """Whether the house demands a second factor of this person, who has none."""
    return account.role == Role.ADMINISTRATOR and store.is_demanded(tx) and not store.has_one(tx, account.person_id)


def demand_of_administrators(tx: Tx, demanded: bool, person_id: UUID, by: str, at: datetime) -> None:
    """Who demands it has one. The sessions of administrators without one end: they set it up at their next sign-in.

    Raises `InputError`.
    """
    if demanded and not store.has_one(tx, person_id):
        raise InputError(N_("Set up your own second factor first, on the page «Your account»."))
    if not store.demand(tx, demanded):
        return
    record_audit(tx, by, "second_factor.demanded" if demanded else "second_factor.not_demanded", "team", {}, at)
    if demanded:
        for administrator in store.administrators_without(tx):  # a handful
            end_all_sessions(tx, administrator, by, at)


def remove_authenticator(tx: Tx, account: Account, at: datetime) -> None:
    """Raises `InputError` where the house demands one and there is no other."""
    if not store.remove_authenticator(tx, account.person_id):
        return
    _after_removal(tx, account, "second_factor.authenticator_removed", at)


def remove_passkey(tx: Tx, account: Account, credential_id: bytes, at: datetime) -> None:
    """Raises `InputError` where the house demands one and there is no other."""
    if passkeys.remove(tx, account.person_id, credential_id):
        _after_removal(tx, account, "second_factor.passkey_removed", at)


def reset_second_factor(tx: Tx, person_id: UUID, by: str, at: datetime) -> bool:
    """Takes the second factor of somebody who lost it; their sessions end. Whether there was one."""
    if not store.has_one(tx, person_id):
        return False
    store.remove_authenticator(tx, person_id)
    passkeys.remove_all(tx, person_id)
    store.put_codes(tx, person_id, [])
    end_all_sessions(tx, person_id, by, at)
    record_audit(tx, by, "second_factor.reset", f"person {person_id}", {}, at)
    tell_of_factor(tx, person_id, FactorChange.TAKEN_AWAY, at, by=by)
    return True


def _after_removal(tx: Tx, account: Account, action: str, at: datetime) -> None:
    if lacks_demanded(tx, account):
        raise InputError(NEEDED)
    if not store.has_one(tx, account.person_id):
        store.put_codes(tx, account.person_id, [])
    record_audit(tx, account.name, action, f"person {account.person_id}", {}, at)
    tell_of_factor(tx, account.person_id, FactorChange.REMOVED, at)
