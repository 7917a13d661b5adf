"""Journeys that begin with a warning, or with what a guest does: a rehearsal cannot know when that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.queries.warned import waiting_for
from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.steps.kind import Document
from services.campaigns.store.warning_turns import found_now
from shared.access.scope import Scope
from shared.database.pool import Tx

DOINGS = ("happening", "event", "signup")


@dataclass(frozen=True)
class OnWarning:
    """`by_hotel`: how many guests a warning of today would find there; empty where none is known here yet."""

    journey: str
    entry: Document
    by_hotel: Mapping[str, int]


def on_warnings(tx: Tx, one: Rehearsal, journey: str | None, scope: Scope) -> Sequence[OnWarning]:
    """Those that run or were launched in the rehearsal; of all, or of that one."""
    wanted = _entries(tx, one, journey, {"warning"})
    return [
        OnWarning(key, entry, found_now(tx, entry["audience"], entry.get("hotel"), scope).by_hotel)
        for key, entry in wanted.items()
    ]


def on_doings(tx: Tx, one: Rehearsal, journey: str | None) -> Mapping[str, Document]:
    """The same of those that begin with what a guest does or a hotel's system tells: by journey its entry."""
    return _entries(tx, one, journey, DOINGS)


def _entries(tx: Tx, one: Rehearsal, journey: str | None, kinds: Collection[str]) -> dict[str, Document]:
    launched = {launch["key"]: launch["document"] for launch in one.launches}
    documents = {**waiting_for(tx, kinds), **launched}
    return {
        key: document["entry"]
        for key, document in sorted(documents.items())
        if document["entry"].keys() & set(kinds) and journey in (None, key)
    }
