"""Who may have a guest's file made, and what the guest's page shows of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.segments.store.guests import files as store
from shared.access.people import May, Person
from shared.database.pool import Tx
from shared.web.access_control import me
from shared.web.site import here


def may_hand_out(who: Person) -> bool:
    """The file tells of every hotel."""
    return who.may(May.HAND_OUT_FILES) and not who.properties


def file_shown(tx: Tx, guest_id: UUID) -> dict[str, Any]:
    """The values of `_guest_file.html`."""
    if not may_hand_out(me()):
        return {"hands_out": False, "file": None}
    return {"hands_out": True, "file": store.newest(tx, guest_id, here().now())}
