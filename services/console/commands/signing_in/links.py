"""Links by which the owner of an account chooses a password: mailed, or shown once to the administrator who made one.

A link is its id, signed with the key ring. The id alone opens nothing, and only the id is stored or published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.console.commands.accounts import email_indexes
from services.console.commands.notices import notify
from services.console.commands.record_audit import record_audit
from services.console.commands.signing_in.attempts import count_or_refuse, keys_of
from services.console.commands.signing_in.passwords import set_password
from services.console.rules.links import LinkKind, free_again
from services.console.rules.pauses import AttemptKind, network_of
from services.console.store import accounts
from services.console.store import links as store
from services.console.store.accounts import Account
from services.console.store.links import Link
from shared.crypto.purposes import Sealing, Signing
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.vocabulary.role import Role
from shared.vocabulary.term import N_

PURPOSE = "account"
AT_THE_DOOR = "sign-in page"


@dataclass(frozen=True)
class Opened:
    """A link that works, and whose it is."""

    link: Link
    account: Account


class _Undone(Exception):
    """Ends a savepoint whose work is not kept."""


def token_of(tx: Tx, link: Link) -> str:
    """What stands behind `/sign-in/link/`. Shown once, kept nowhere."""
    return LinkSigner.of(tx.keyring, Signing.ACCOUNT_LINKS).sign(PURPOSE, link.link_id)


def make_link(tx: Tx, person_id: UUID, by: str, at: datetime) -> Link:
    """For a colleague: an invitation where they never chose a password. Mailed, where mail really leaves; else the
    caller shows it. Raises `NotFound`."""
    account = accounts.locked(tx, person_id)
    if account is None or account.role is None:
        raise NotFound(N_("This person has no access."))
    kind = LinkKind.INVITATION if account.one_time_until else LinkKind.PASSWORD_RESET
    return _make(tx, account, kind, by, at)


def ask_for_link(tx: Tx, email: str, address: str, at: datetime, admits: Callable[[Role], bool]) -> None:
    """Somebody who forgot their password asks at the sign-in page. Raises `TooManyAttempts`; nothing else tells whether
    the account exists: where it does not, the same statements run and are undone.

    `admits`: whether somebody of that role signs in with a password at all. `address`: of the network.
    """
    indexes = email_indexes(tx, email)
    counted_by = {AttemptKind.ACCOUNT: indexes[0], AttemptKind.ADDRESS: network_of(address)}
    count_or_refuse(tx, keys_of(tx, "link", counted_by), free_again, at)
    found = accounts.by_email(tx, indexes)
    is_theirs = found is not None and found.role is not None and admits(Role(found.role))
    try:
        with tx.savepoint():
            account = found if found is not None and is_theirs else _nobody(tx, email, indexes[0], at)
            _make(tx, account, LinkKind.PASSWORD_RESET, None, at)
            if not is_theirs:
                raise _Undone
    except _Undone:
        pass


def open_link(tx: Tx, token: str, at: datetime) -> Opened:
    """Uses nothing up: mail scanners open links too. Raises `BadLink`."""
    return opened(tx, LinkSigner.of(tx.keyring, Signing.ACCOUNT_LINKS).read(PURPOSE, token), at)


def opened(tx: Tx, link_id: UUID, at: datetime) -> Opened:
    """Raises `BadLink` where it was used, has expired, or its owner has no access any more."""
    link = store.by_id(tx, link_id)
    account = accounts.by_id(tx, link.person_id) if link and link.expires_at > at else None
    if link is None or account is None or account.role is None:
        raise BadLink(N_("This link has been used or has expired. Ask for another one."))
    return Opened(link, account)


def choose_password_by_link(tx: Tx, link_id: UUID, password: str, at: datetime) -> Account:
    """All sessions of the account end, and all its links. Raises `BadLink`, `InputError`."""
    found = opened(tx, link_id, at)
    account = accounts.locked(tx, found.account.person_id)
    found = opened(tx, link_id, at)  # whoever used it first has deleted it under that lock
    assert account is not None
    return set_password(tx, account, password, at)


def _make(tx: Tx, account: Account, kind: LinkKind, by: str | None, at: datetime) -> Link:
    link = Link(uuid4(), kind, account.person_id, by or AT_THE_DOOR, at, at + kind.lasts)
    details = {"by": by} if by else {}
    notice = notify(tx, account, kind.notice, details, at, link=link.link_id, useful_for=kind.lasts)
    made = replace(link, notice_id=notice)
    store.add(tx, made)
    store.drop_expired(tx, at)
    mailed = {"kind": kind.value, "mailed": notice is not None}
    record_audit(tx, by or AT_THE_DOOR, "person.link_made", f"person {account.person_id}", mailed, at)
    return made


def _nobody(tx: Tx, email: str, index: str, at: datetime) -> Account:
    """As much work as an account that exists."""
    return Account(
        person_id=uuid4(),
        version=1,
        email=tx.keyring.seal(email.strip()[:254], Sealing.ACCOUNT),
        email_index=index,
        name="Nobody",
        role=None,
        properties=[],
        language=None,
        password_hash="",
        one_time_until=None,
        sessions_ended=0,
        changed_at=at,
    )
