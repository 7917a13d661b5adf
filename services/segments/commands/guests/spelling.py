"""One spelling a tag: whoever writes «Vip» where there is «VIP» means that."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.segments.rules.people.tags import folded
from services.segments.store.tags import spellings
from shared.database.pool import Tx


def spelled(tx: Tx, tags: Iterable[str]) -> list[str]:
    """In the spelling that counts: of tags that differ in case alone, the one that came first."""
    wanted = {folded(tag): tag for tag in sorted(tags, reverse=True)}
    if not wanted:
        return []
    return sorted(set(spellings(tx, list(wanted), list(wanted.values())).values()))


def spell_tags(tx: Tx, given: dict[UUID, set[str]]) -> None:
    """The same of many guests' tags, at once and in place."""
    every = sorted({tag for tags in given.values() for tag in tags}, reverse=True)
    if not every:
        return
    wanted = {folded(tag): tag for tag in every}
    known = spellings(tx, list(wanted), list(wanted.values()))
    for guest, tags in given.items():
        given[guest] = {known[folded(tag)] for tag in tags}
