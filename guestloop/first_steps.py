"""The first start of a real installation: somebody who can sign in."""

from __future__ import annotations

from datetime import datetime

from guestloop.composition import Group
from services.console.commands.accounts import ensure_administrator
from services.console.commands.passwords import one_time_password
from services.console.store.accounts import administrators

FIRST_EMAIL = "administrator@localhost"


def first_administrator(group: Group, at: datetime) -> tuple[str, str] | None:
    """E-mail and password of an administrator made now, shown this once; None where there are accounts already."""
    with group.database("console").transaction() as tx:
        if administrators(tx):
            return None
        password = one_time_password()
        ensure_administrator(tx, FIRST_EMAIL, "Administrator", password, at)
        return FIRST_EMAIL, password
