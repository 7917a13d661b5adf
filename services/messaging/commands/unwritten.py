"""Messages that ended for an error of ours are tried again, once a person says that its cause is mended."""

from __future__ import annotations

from datetime import datetime

from services.messaging.store.sending import unwritten as store
from shared.access.audit import record
from shared.access.people import Person
from shared.access.scope import Scope
from shared.database.pool import Tx


def try_again(tx: Tx, template: str, scope: Scope, *, by: Person, at: datetime) -> int:
    """Those of a template that would still come in time are due at once, and pass the gate again; how many. A second
    time there is nothing left to try."""
    count = store.queue(tx, {"template": template, "at": at, **scope.values})
    record(tx, by, "messages.tried_again", f"template {template}", {"messages": count}, at)
    return count
