"""A draft of what surveys ask is begun, changed, published or dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from services.feedback.rules.asking.questionnaire_document import problems_of
from services.feedback.rules.asking.questionnaires import AS_SHIPPED, Questionnaire
from services.feedback.store.surveys import questionnaires as store
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound


class ChangedMeanwhile(Conflict):
    """Somebody else changed this draft meanwhile. Look at it as it is now, and change it again."""


class NoDraft(NotFound):
    """There is no draft here. Begin one on the page of the survey."""


def begin_draft(tx: Tx, place: str, at: datetime, *, by: str) -> store.Draft:
    """The draft there is; else a new one of what is asked there now."""
    found = store.lock(tx, place)
    if found is None:
        now = store.in_force(tx, place)
        questions = now.questionnaire if now and now.questionnaire else AS_SHIPPED
        found = store.Draft(place=place, version=1, questionnaire=questions, changed_by=by, changed_at=at)
        store.save(tx, found)
    return found


def change_draft(
    tx: Tx, place: str, version: int, change: Callable[[Questionnaire], Questionnaire], at: datetime, *, by: str
) -> store.Draft:
    """`version`: the one that whoever changes it has seen. Raises `NoDraft`, `ChangedMeanwhile`."""
    found = _seen(tx, place, version)
    changed = replace(
        found, version=version + 1, questionnaire=change(found.questionnaire), changed_by=by, changed_at=at
    )
    store.save(tx, changed)
    return changed


def publish_draft(tx: Tx, place: str, version: int, at: datetime, *, by: str) -> int:
    """The number of the new version; surveys whose link is opened from now on ask it. Raises `InputError`, `NoDraft`,
    `ChangedMeanwhile`."""
    found = _seen(tx, place, version)
    if problems := problems_of(found.questionnaire):
        raise InputError(problems=problems)
    number = store.publish(tx, place, found.questionnaire, by, at)
    store.drop(tx, place)
    return number


def withdraw(tx: Tx, place: str, at: datetime, *, by: str) -> int | None:
    """From now on the place has none of its own; None where it had none."""
    store.lock(tx, place)
    newest = next(iter(store.versions(tx, place)), None)
    if newest is None or newest.questionnaire is None:
        return None
    return store.publish(tx, place, None, by, at)


def _seen(tx: Tx, place: str, version: int) -> store.Draft:
    found = store.lock(tx, place)
    if found is None:
        raise NoDraft()
    if found.version != version:
        raise ChangedMeanwhile()
    return found
