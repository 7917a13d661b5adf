"""A second person looks at a broadcast before it is planned, where the house wants it."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.store import drafts
from services.campaigns.store import four_eyes as store
from services.campaigns.store.broadcasts import is_broadcast
from services.campaigns.store.drafts import Draft
from shared.access.audit import record
from shared.access.four_eyes import asked_of
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound, Problem

NEEDED = Problem("another colleague has to approve it first", "needs_approval")


def ask_for_approval(tx: Tx, key: str, revision: int, *, by: Person, at: datetime) -> None:
    """Conflict where the draft has another revision by now."""
    _as_seen(tx, key, revision)
    store.ask(tx, key, revision, by.name, by.person_id, at)
    record(tx, by, "broadcast.approval_asked", f"journey {key}", {"draft": revision}, at)


def approve(tx: Tx, key: str, revision: int, *, by: Person, at: datetime) -> None:
    """InputError for whoever asked or wrote it last; Conflict where this revision is not asked for, or not any more."""
    found = _as_seen(tx, key, revision)
    asked = asked_of(store.approval(tx, key), revision, by.person_id, found.edited_by_id)
    if not store.give(tx, key, revision, by.name, by.person_id, at):
        raise Conflict()
    record(tx, by, "broadcast.approved", f"journey {key}", {"draft": revision, "asked_by": asked.asked_by}, at)


def require_approval(tx: Tx, key: str) -> str | None:
    """Who approved it as it stands. InputError where nobody did and the house wants it."""
    draft, asked = drafts.find(tx, key), store.approval(tx, key)
    if draft and asked and asked.is_given(draft.revision):
        return asked.approved_by
    if store.needs_approval(tx):
        raise InputError(problems={"approval": NEEDED})
    return None


def choose_rule(tx: Tx, *, needs_approval: bool, by: Person, at: datetime) -> None:
    if store.choose(tx, needs_approval=needs_approval, by=by.name, at=at):
        record(tx, by, "broadcast.rule_changed", "broadcasts", {"needs_approval": needs_approval}, at)


def _as_seen(tx: Tx, key: str, revision: int) -> Draft:
    if not is_broadcast(tx, key):
        raise NotFound(f"there is no broadcast «{key}»")
    found = drafts.find(tx, key)
    if found is None or found.revision != revision:
        raise Conflict()
    return found
