"""The first start of a real installation: somebody who can sign in."""

from __future__ import annotations

import secrets
from datetime import datetime

from services.console.commands.accounts import anybody, ensure_administrator

from guestloop.composition import Group

FIRST_EMAIL = "administrator@localhost"
PASSWORD_BYTES = 12


def first_administrator(group: Group, at: datetime) -> tuple[str, str] | None:
    """E-mail and password of an administrator made now, shown this once; None where there are accounts already."""
    with group.database("console").transaction() as tx:
        if anybody(tx):
            return None
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        ensure_administrator(tx, FIRST_EMAIL, "Administrator", password, at)
        return FIRST_EMAIL, password
