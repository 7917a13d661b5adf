"""Every change of a case leaves a line: who, when, what. And whoever changes a case has answered its alert."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.rules.cases import EntryKind
from services.feedback.store import cases as store
from services.feedback.store.care import alerts
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.ids import make_id


class NotOpen(Conflict):
    """This case is closed already, or somebody else changed it meanwhile. Look at it again."""


class NotClosed(Conflict):
    """This case is open already, or somebody else changed it meanwhile. Look at it again."""


def enter(
    tx: Tx,
    case_id: UUID,
    kind: EntryKind,
    by: str,
    at: datetime,
    *,
    about: str | None = None,
    words: str = "",
    ref: object = "",
    entry_id: UUID | None = None,
) -> bool:
    """Whether the line is new. `ref`: what tells two changes of one kind at one instant apart; `entry_id`: the number
    that a form gave it."""
    told = str(ref or at.isoformat())
    entry = store.Entry(
        entry_id=entry_id or make_id("case entry", case_id, kind, by, told),
        case_id=case_id,
        kind=kind,
        by_name=by,
        about=about,
        words_sealed=tx.keyring.seal(words, Sealing.WORDS) if words else None,
        at=at,
    )
    alerts.answer(tx, "case_id", case_id, by, at)
    return store.enter(tx, entry)
