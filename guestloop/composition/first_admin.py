"""The way in where no page leads there: the first person who can sign in, and one who lost the second factor."""

from __future__ import annotations

from datetime import datetime

from guestloop.composition.services import Group
from services.console.commands.accounts import email_indexes
from services.console.commands.accounts import first_administrator as make_administrator
from services.console.commands.second_factor.demands import reset_second_factor as reset
from services.console.store import accounts
from shared.errors import NotFound


def first_administrator(group: Group, at: datetime) -> tuple[str, str] | None:
    """E-mail and one-time password of the first administrator, shown this once; None where they are not needed."""
    with group.database("console").transaction() as tx:
        return make_administrator(tx, at)


def reset_second_factor(group: Group, email: str, at: datetime) -> None:
    """Takes the second factor off an account; its sessions end. Raises `NotFound`."""
    with group.database("console").transaction() as tx:
        account = accounts.by_email(tx, email_indexes(tx, email))
        if account is None or not reset(tx, account.person_id, "guestloop", at):
            raise NotFound(f"no account of the address {email} has a second factor")
