"""Journeys that begin with a warning: a rehearsal cannot know when one comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.queries.warned import waiting_for_warnings
from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.steps.kind import Document
from services.campaigns.store.warning_turns import found_now
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True)
class OnWarning:
    """`by_hotel`: how many guests a warning of today would find there; empty where none is known here yet."""

    journey: str
    entry: Document
    by_hotel: Mapping[str, int]


def on_warnings(tx: Tx, one: Rehearsal, journey: str | None, scope: Scope) -> Sequence[OnWarning]:
    """Those that run or were launched in the rehearsal; of all, or of that one."""
    launched = {launch["key"]: launch["document"] for launch in one.launches}
    documents = {**waiting_for_warnings(tx), **launched}
    wanted = {
        key: document["entry"]
        for key, document in sorted(documents.items())
        if "warning" in document["entry"] and journey in (None, key)
    }
    return [
        OnWarning(key, entry, found_now(tx, entry["audience"], entry.get("hotel"), scope).by_hotel)
        for key, entry in wanted.items()
    ]
