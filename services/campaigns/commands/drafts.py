"""Work at a journey: begin a draft, change it, put it aside, publish it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.rules.document import templates_named
from services.campaigns.rules.drafting import key_from, new_draft
from services.campaigns.steps.fields import KEY
from services.campaigns.steps.kind import Document
from services.campaigns.store import draft_history as history
from services.campaigns.store import drafts, journeys
from shared.bus import outbox as events
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.events import chunk_of
from shared.events.campaigns import JourneyBegun

TAKEN = frozenset({"new"})  # an address of the pages
LONGEST_NAME = 100


def begin_draft(tx: Tx, name: str, key: str, at: datetime, by: str, like: Document | None = None) -> str:
    """A journey that is not there yet; its key, made of the name where none is given. Raises `InputError` by field."""
    problems = {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = "name"
    wanted = key or key_from(name)
    if key and not KEY.fullmatch(key):
        problems["key"] = "key"
    elif key and (key in TAKEN or journeys.lock_journey(tx, key)):
        problems["key"] = "taken"
    if problems:
        raise InputError(problems=problems)
    free = wanted if key else _free_key(tx, wanted or "journey", numbered=not wanted)
    journeys.add_journey(tx, free, name, at)
    drafts.keep(tx, free, {**like, "key": free, "name": name} if like else new_draft(free, name), at, by)
    return free


def bring_templates(tx: Tx, key: str, document: Document, at: datetime, by: str) -> None:
    """What a ready journey sends is asked for: the house gets from the gallery of templates what it has not."""
    begun = JourneyBegun(journey=key, version=1, templates=templates_named(document), begun_at=at, by=by)
    events.publish(tx, chunk_of([begun]), at=at)


def _free_key(tx: Tx, wanted: str, *, numbered: bool) -> str:
    used = journeys.keys_like(tx, wanted) | TAKEN
    if wanted not in used and not numbered:
        return wanted
    return next(key for n in range(1 if numbered else 2, len(used) + 3) if (key := f"{wanted}-{n}") not in used)


def draft_of(tx: Tx, key: str) -> Document:
    """What is being worked at; else what was published last."""
    if (found := drafts.find(tx, key)) is not None:
        return found.document
    newest = journeys.newest_version(tx, key)
    if newest is None:
        raise NotFound(f"There is no journey «{key}».")
    return newest[1]


def change_draft(tx: Tx, key: str, change: Callable[[Document], Document], at: datetime, by: str) -> int:
    """Its revision. Two who work at one draft change it one after the other, each part by itself."""
    if journeys.lock_journey(tx, key) is None:
        raise NotFound(f"There is no journey «{key}».")
    before = draft_of(tx, key)
    changed = change(before)
    if changed != before:
        history.note(tx, key, before, at, by)
    return _keep(tx, key, changed, at, by)


def undo(tx: Tx, key: str, at: datetime, by: str) -> str | None:
    """The draft as it was before its last change; whose that was, None where there is none to undo."""
    return _turn(tx, key, history.last_done, at, by)


def redo(tx: Tx, key: str, at: datetime, by: str) -> str | None:
    """What was undone last is done again; whose change that was, None where there is none."""
    return _turn(tx, key, history.last_undone, at, by)


def _turn(tx: Tx, key: str, which: Callable[[Tx, str], history.Change | None], at: datetime, by: str) -> str | None:
    if journeys.lock_journey(tx, key) is None:
        raise NotFound(f"There is no journey «{key}».")
    change = which(tx, key)
    if change is None:
        return None
    history.turn(tx, key, change.number, draft_of(tx, key))
    _keep(tx, key, change.document, at, by)
    return change.changed_by


def _keep(tx: Tx, key: str, document: Document, at: datetime, by: str) -> int:
    journeys.call_it(tx, key, document["name"], at)
    return drafts.keep(tx, key, document, at, by)


def discard_draft(tx: Tx, key: str, at: datetime, by: str) -> None:
    """Back to what was published last, which can be undone; a journey that never was keeps its draft."""
    newest = journeys.newest_version(tx, key)
    if newest is None:
        raise Conflict("Nothing of this journey was published yet: there is nothing to go back to.")
    if (draft := drafts.find(tx, key)) is not None and draft.document != newest[1]:
        history.note(tx, key, draft.document, at, by)
    drafts.drop(tx, key)


def publish_draft(tx: Tx, document: Document, revision: int, at: datetime, by: str) -> int:
    """The version it becomes. Where the journey is live, who enters from now on enters this one.

    `document` comes from `schemas`; `revision` is the draft's as it was seen. Raises `Conflict` where it moved on.
    """
    key = document["key"]
    row = journeys.lock_journey(tx, key)
    draft = drafts.find(tx, key)
    if row is None or draft is None or draft.revision != revision:
        raise Conflict()
    version = publish(tx, document, at, by)
    drafts.drop(tx, key)
    if row.state == "live":
        launch(tx, key, at=at, by=by, version=version)
    return version
