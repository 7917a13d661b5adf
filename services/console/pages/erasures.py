"""Which services have erased a guest, for the page that shows the certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint

from services.console.queries.erasures import forgotten
from shared.access.people import May
from shared.web.access_control import needs
from shared.web.site import here

ERASURES = Blueprint("console_erasures", __name__, url_prefix="/erasures")


@ERASURES.get("/<uuid:guest_id>")
@needs(May.ADMINISTER)
def state(guest_id: UUID) -> dict[str, Any]:
    """By service when it was done, and how many rows went."""
    with here().transaction() as tx:
        found = forgotten(tx, [guest_id])
    return {one.service: {"at": one.forgotten_at.isoformat(), "rows": sum(one.rows.values())} for one in found}
