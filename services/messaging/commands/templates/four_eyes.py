"""A second person looks at a draft before it is published, where the house wants it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.messaging.commands.templates.publish import check_offer
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.store.templates import four_eyes as store
from services.messaging.store.templates.drafts import Draft, draft
from shared.access.audit import record
from shared.access.four_eyes import asked_of
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem

NEEDED = Problem("another colleague has to approve this version first", "needs_approval")


def ask_for_approval(tx: Tx, key: str, version: int, *, by: Person, at: datetime, own: Collection[str] = ()) -> None:
    """InputError where it could not be published anyway; Conflict where the draft has another version by now."""
    found = _as_seen(tx, key, version)
    template = read_template(found.document, version=1)
    check(template, own)
    check_offer(tx, template)
    store.ask(tx, key, version, by.name, by.person_id, at)
    record(tx, by, "template.approval_asked", f"template {key}", {"draft": version}, at)


def approve(tx: Tx, key: str, version: int, *, by: Person, at: datetime) -> None:
    """InputError for whoever asked or wrote it last; Conflict where this version is not asked for, or not any more."""
    found = _as_seen(tx, key, version)
    asked = asked_of(store.approval(tx, key), version, by.person_id, found.edited_by_id)
    if not store.give(tx, key, version, by.name, by.person_id, at):
        raise Conflict()
    record(tx, by, "template.approved", f"template {key}", {"draft": version, "asked_by": asked.asked_by}, at)


def require_approval(tx: Tx, found: Draft) -> str | None:
    """Who approved this version. InputError where nobody did and the house wants it."""
    asked = store.approval(tx, found.key)
    if asked and asked.is_given(found.version):
        return asked.approved_by
    if store.needs_approval(tx):
        raise InputError(f"«{found.key}» cannot be published yet", {"approval": NEEDED})
    return None


def choose_rule(tx: Tx, *, needs_approval: bool, by: Person, at: datetime) -> None:
    if store.choose(tx, needs_approval=needs_approval, by=by.name, at=at):
        record(tx, by, "template.rule_changed", "templates", {"needs_approval": needs_approval}, at)


def _as_seen(tx: Tx, key: str, version: int) -> Draft:
    found = draft(tx, key)
    if found is None or found.version != version:
        raise Conflict()
    return found
