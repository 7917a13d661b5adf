"""What DNS says of a record now, put beside what it said before: what was right and is wrong now is somebody's to mend.

A resolver that did not answer says nothing: what is known stays, and that nobody answered stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.messaging.rules.domains.records import ENDS, Record, RecordKind, RecordState

ASKED_EVERY, ASKED_AGAIN = timedelta(days=1), timedelta(hours=1)
WRONG = (RecordState.MISSING, RecordState.DIFFERENT, RecordState.SEVERAL)


@dataclass(frozen=True)
class Followed(Record):
    """`state` is of the last answer, `answered_at` its instant; `right_at`: when it was found the last time;
    `wrong_since`: from when on it was not, having been found before. `is_unanswered`: nobody answered the last time it
    was asked for."""

    answered_at: datetime | None = None
    right_at: datetime | None = None
    wrong_since: datetime | None = None
    is_unanswered: bool = False

    @property
    def is_lost(self) -> bool:
        return self.state in WRONG and self.wrong_since is not None

    @property
    def shown_state(self) -> RecordState:
        """As it is now: unknown where nobody answered."""
        return RecordState.CANNOT_ASK if self.is_unanswered else self.state


def followed(record: Record, before: Followed, at: datetime) -> Followed:
    """`record`: as asked for at `at`."""
    if record.state == RecordState.CANNOT_ASK:
        if before.state in (RecordState.NOT_ASKED, RecordState.CANNOT_ASK):
            return _with(record, before, is_unanswered=True)
        return replace(before, is_unanswered=True)
    if record.state == RecordState.FOUND:
        return Followed(**_plain(record), answered_at=at, right_at=at)
    wrong_since = before.wrong_since or (at if before.right_at else None)
    return replace(_with(record, before, is_unanswered=False), answered_at=at, wrong_since=wrong_since)


def _with(record: Record, before: Followed, *, is_unanswered: bool) -> Followed:
    return Followed(
        **_plain(record),
        answered_at=before.answered_at,
        right_at=before.right_at,
        wrong_since=before.wrong_since,
        is_unanswered=is_unanswered,
    )


def _plain(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("kind", "name", "wanted", "state", "found", "lookups")}


def known(record: Record, kept: Mapping[str, Any] | None, checked_at: datetime | None) -> Followed:
    """What is kept of a record that is wanted as `record` says; not asked where another line is wanted than then."""
    if kept is None or _is_another(record, str(kept["wanted"])):
        return Followed(record.kind, record.name, record.wanted, right_at=_instant(kept, "right_at") if kept else None)
    state = RecordState(kept["state"])
    answered_at = _instant(kept, "answered_at") or (None if state == RecordState.CANNOT_ASK else checked_at)
    return Followed(
        record.kind,
        record.name,
        kept["wanted"],
        state,
        tuple(kept["found"]),
        kept["lookups"],
        answered_at=answered_at,
        right_at=_instant(kept, "right_at") or (answered_at if state == RecordState.FOUND else None),
        wrong_since=_instant(kept, "wrong_since"),
        is_unanswered=bool(kept.get("is_unanswered", state == RecordState.CANNOT_ASK)),
    )


def _is_another(record: Record, wanted: str) -> bool:
    """Another key; or an SPF record that does not name a mail server that sends now."""
    if record.kind == RecordKind.SPF:
        return not {term for term in record.wanted.split() if not ENDS.fullmatch(term)} <= set(wanted.split())
    return record.kind == RecordKind.DKIM and wanted != record.wanted


def kept_as(record: Followed) -> dict[str, Any]:
    """For the table, and for `known`."""
    instants = {name: getattr(record, name) for name in ("answered_at", "right_at", "wrong_since")}
    return {
        "wanted": record.wanted,
        "state": record.state,
        "found": list(record.found),
        "lookups": record.lookups,
        "is_unanswered": record.is_unanswered,
        **{name: instant.isoformat() for name, instant in instants.items() if instant},
    }


def _instant(kept: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(kept[name]) if kept.get(name) else None


def due_again(records: Iterable[Followed], checked_at: datetime | None, *, key_waits: bool) -> datetime | None:
    """When DNS is asked next: None for at once, since another line is wanted than it was asked for; soon where somebody
    did not answer, or a key waits until DNS publishes it."""
    states = list(records)
    if checked_at is None or any(one.state == RecordState.NOT_ASKED and not one.is_unanswered for one in states):
        return None
    soon = key_waits or any(one.is_unanswered for one in states)
    return checked_at + (ASKED_AGAIN if soon else ASKED_EVERY)
