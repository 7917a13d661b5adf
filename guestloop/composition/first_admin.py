"""The first start of a real installation: somebody who can sign in."""

from __future__ import annotations

from datetime import datetime

from guestloop.composition.services import Group
from services.console.commands.accounts import first_administrator as make_administrator


def first_administrator(group: Group, at: datetime) -> tuple[str, str] | None:
    """E-mail and one-time password of the first administrator, shown this once; None where they are not needed."""
    with group.database("console").transaction() as tx:
        return make_administrator(tx, at)
