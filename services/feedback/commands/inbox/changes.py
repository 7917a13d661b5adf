"""Changes of a thread's state. Each names the version that the person saw, and raises `ThreadChanged` where the guest
wrote or a colleague was there first.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.store.inbox import threads
from shared.database.pool import Tx
from shared.errors import Conflict


class ThreadChanged(Conflict):
    """The guest wrote again, or somebody else changed this conversation meanwhile. Look at it again."""


def read_thread(tx: Tx, thread_id: UUID, version: int, at: datetime, *, unread: bool, by: str) -> None:
    _expect(threads.set_read(tx, thread_id, version, unread, by, at))


def close_thread(tx: Tx, thread_id: UUID, version: int, at: datetime, *, by: str) -> None:
    _expect(threads.close(tx, thread_id, version, by, at))


def reopen_thread(tx: Tx, thread_id: UUID, version: int, at: datetime, *, by: str) -> None:
    _expect(threads.reopen(tx, thread_id, version, by, at))


def assign_thread(tx: Tx, thread_id: UUID, version: int, owner_id: UUID | None, at: datetime, *, by: str) -> None:
    """None: nobody's again."""
    _expect(threads.assign(tx, thread_id, version, owner_id, by, at))


def snooze_thread(tx: Tx, thread_id: UUID, version: int, until: datetime | None, at: datetime, *, by: str) -> None:
    """It is out of the way until then; None brings it back at once. What a guest writes brings it back, too."""
    _expect(threads.snooze(tx, thread_id, version, until, by, at))


def _expect(changed: bool) -> None:
    if not changed:
        raise ThreadChanged()
