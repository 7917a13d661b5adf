"""Accounts: people are invited, changed and lose access; the first one is made at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.console.commands.access import publish_account
from services.console.commands.record_audit import record_audit
from services.console.commands.second_factor.demands import lacks_demanded
from services.console.commands.sessions import end_all_sessions, end_unpublished
from services.console.commands.signing_in.hashing import hashed
from services.console.commands.signing_in.passwords import one_time_password, one_time_password_ends, refuse_weak
from services.console.store import accounts as store
from services.console.store import identities, links, properties
from services.console.store.accounts import Account
from shared.contact_points.emails import the_email
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id
from shared.vocabulary.role import PEOPLE, Role
from shared.vocabulary.term import N_


@dataclass(frozen=True, kw_only=True)
class Member:
    """`properties`: codes; empty means all."""

    name: str
    role: Role
    properties: Sequence[str] = ()
    language: str | None = None


FIRST_EMAIL = "administrator@localhost"
FIRST = Member(name="Administrator", role=Role.ADMINISTRATOR)


def email_index(tx: Tx, email: str) -> str:
    return email_indexes(tx, email)[0]


def email_indexes(tx: Tx, email: str) -> list[str]:
    """Under each key of the index, that of the key in use first."""
    spelt = dict.fromkeys((the_email(email).casefold(), email.strip().casefold()))  # as accounts were kept before 0.3.0
    return [index for text in spelt for index in tx.keyring.indexes("account", text)]


def invite(tx: Tx, email: str, wanted: Member, by: str, at: datetime) -> tuple[Account, str]:
    """Makes an account, or gives access back to one whose access has ended; the account and its one-time password.

    Raises `InputError`.
    """
    there = store.by_email(tx, email_indexes(tx, email))
    if there and there.role is not None:
        raise InputError(N_("Nobody was invited."), {"email": N_("There is an account with this address already.")})
    password = one_time_password()
    account = _begin(tx, email, wanted, password, at, there)
    account = replace(account, one_time_until=one_time_password_ends(at))
    _save(tx, account, wanted, at)
    _record(tx, "person.invited", account, by, at)
    return account, password


def change_member(tx: Tx, person_id: UUID, wanted: Member, version: int, by: str, at: datetime) -> None:
    """Raises `InputError`, `NotFound`, and `Conflict` where the account has another version by now."""
    account = _locked(tx, person_id)
    if account.version != version:
        raise Conflict()
    if wanted.role is not Role.ADMINISTRATOR:
        _keep_an_administrator(tx, person_id)
    changed = replace(account, name=wanted.name, role=wanted.role, properties=list(wanted.properties))
    if changed == account:
        return
    changed = replace(changed, version=account.version + 1, changed_at=at)
    _save(tx, changed, wanted, at)
    if lacks_demanded(tx, changed):
        end_all_sessions(tx, person_id, by, at)  # it is set up at the next sign-in
    _record(tx, "person.changed", changed, by, at)


def end_access(tx: Tx, person_id: UUID, by: str, at: datetime) -> None:
    """Ends a person's access and sessions; what they did stays in the audit trail. Idempotent."""
    account = _locked(tx, person_id)
    if account.role is None:
        return
    _keep_an_administrator(tx, person_id)
    ended = replace(account, role=None, version=account.version + 1, changed_at=at)
    ended = replace(ended, sessions_ended=account.sessions_ended + 1)
    store.put(tx, ended)
    end_unpublished(tx, person_id, at)
    links.drop_of(tx, person_id)
    identities.drop_of(tx, person_id)
    publish_account(tx, ended, at)
    _record(tx, "person.ended", ended, by, at)


def renew_password(tx: Tx, person_id: UUID, by: str, at: datetime) -> tuple[Account, str]:
    """A new one-time password for somebody who forgot theirs; all their sessions end."""
    account = _locked(tx, person_id)
    if account.role is None:
        raise NotFound(N_("This person has no access."))
    password = one_time_password()
    renewed = replace(
        account,
        password_hash=hashed(password),
        one_time_until=one_time_password_ends(at),
        sessions_ended=account.sessions_ended + 1,
        version=account.version + 1,
        changed_at=at,
    )
    store.put(tx, renewed)
    end_unpublished(tx, person_id, at)
    links.drop_of(tx, person_id)
    publish_account(tx, renewed, at)
    _record(tx, "person.password_renewed", renewed, by, at)
    return renewed, password


def choose_language(tx: Tx, person_id: UUID, language: str, at: datetime) -> None:
    account = store.locked(tx, person_id)
    if account is None or account.language == language:
        return
    changed = replace(account, language=language, version=account.version + 1, changed_at=at)
    store.put(tx, changed)
    publish_account(tx, changed, at)


def first_administrator(tx: Tx, at: datetime) -> tuple[str, str] | None:
    """E-mail and one-time password of an administrator made now; None where there is one who can sign in.

    The only administrator gets another one-time password where the first ran out before they signed in.
    """
    there = store.administrators(tx)
    if not there:
        return FIRST_EMAIL, invite(tx, FIRST_EMAIL, FIRST, "guestloop", at)[1]
    account = _locked(tx, there[0])
    if len(there) > 1 or account.one_time_until is None or account.one_time_until >= at:
        return None
    return tx.keyring.open(account.email, Sealing.ACCOUNT), renew_password(tx, account.person_id, "guestloop", at)[1]


def ensure_person(tx: Tx, *, email: str, wanted: Member, password: str, at: datetime) -> UUID:
    """An account with a password of its own; one that exists stays as it is. Raises `InputError`."""
    if there := store.by_email(tx, email_indexes(tx, email)):
        return there.person_id
    refuse_weak(tx, password, name=wanted.name, email=email)
    account = _begin(tx, email, wanted, password, at, None)
    _save(tx, account, wanted, at)
    _record(tx, "person.invited", account, "guestloop", at)
    return account.person_id


def _begin(tx: Tx, email: str, wanted: Member, password: str, at: datetime, there: Account | None) -> Account:
    index = email_index(tx, email)
    return Account(
        person_id=there.person_id if there else make_id("person", index, at.isoformat()),
        version=there.version + 1 if there else 1,
        email=tx.keyring.seal(the_email(email), Sealing.ACCOUNT),
        email_index=index,
        name=wanted.name,
        role=wanted.role,
        properties=list(wanted.properties),
        language=wanted.language,
        password_hash=hashed(password),
        one_time_until=None,
        sessions_ended=there.sessions_ended if there else 0,
        changed_at=at,
    )


def _save(tx: Tx, account: Account, wanted: Member, at: datetime) -> None:
    _check(tx, wanted)
    store.put(tx, account)
    publish_account(tx, account, at)


def _check(tx: Tx, wanted: Member) -> None:
    problems = {}
    if not wanted.name.strip():
        problems["name"] = N_("A name is needed: it is shown beside everything this person does.")
    if wanted.role not in PEOPLE:
        problems["role"] = N_("Choose a role.")
    if wanted.role is Role.ADMINISTRATOR and wanted.properties:
        problems["properties"] = N_("Administrators look after all hotels: choose none here.")
    elif set(wanted.properties) - set(properties.codes(tx)):
        problems["properties"] = N_("One of these hotels does not exist.")
    if problems:
        raise InputError(N_("The account was not changed."), problems)


def _keep_an_administrator(tx: Tx, person_id: UUID) -> None:
    if store.administrators(tx) == [person_id]:
        raise InputError(
            N_("Nothing was changed."), {"role": N_("This is the only administrator: give the role to somebody first.")}
        )


def _locked(tx: Tx, person_id: UUID) -> Account:
    account = store.locked(tx, person_id)
    if account is None:
        raise NotFound(N_("There is no such person."))
    return account


def _record(tx: Tx, action: str, account: Account, by: str, at: datetime) -> None:
    details = {"name": account.name, "role": account.role, "properties": list(account.properties)}
    record_audit(tx, by, action, f"person {account.person_id}", details, at)
