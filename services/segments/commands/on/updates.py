"""Journeys give guests tags and take them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.noting import note_each, publish_and_evaluate
from services.segments.commands.guests.spelling import spell_tags
from services.segments.rules.people.tags import MOST_TAGS
from services.segments.store.guests import journey_tags as store
from services.segments.store.guests.journey_tags import Tagged, TagUpdate
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.right import Right

RESTRICTED, TOO_MANY = "restricted", "too_many"


def handle_updates(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The newest word on each tag of a guest counts, in whatever order they come; who was merged away is whoever they
    became. The guests whose tags change are published and evaluated once, and each change is a line of their story.
    """
    told = _told(chunk)
    spelled = {one.update_id: {one.tag} for one in told}
    spell_tags(tx, spelled)
    told = [replace(one, tag=min(spelled[one.update_id])) for one in told]
    ahead = store.survivors(tx, sorted({one.guest_id for one in told}))
    newest = _newest(replace(one, guest_id=ahead.get(one.guest_id, one.guest_id)) for one in told)
    guests = {guest.id: guest for guest in store.lock_tagged(tx, sorted({one.guest_id for one in newest}))}
    by_guest: dict[UUID, list[TagUpdate]] = defaultdict(list)
    for one in newest:
        if one.guest_id in guests:
            by_guest[one.guest_id].append(one)
    judged = [done for guest, wanted in by_guest.items() for done in _judged(guests[guest], wanted)]
    kept = store.keep_newest(tx, judged) if judged else set()
    done = [one for one in judged if one.update_id in kept and one.refused is None]
    before = {guest.id: set(guest.tags) for guest in guests.values()}
    after = _after(before, done)
    changed = {guest: sorted(tags) for guest, tags in after.items() if tags != before[guest]}
    if not changed:
        return
    store.set_tags(tx, changed, at)
    publish_and_evaluate(tx, sorted(changed), at)
    for one in done:
        if (one.tag in before[one.guest_id]) != one.given:
            what = "guest.tagged_by_journey" if one.given else "guest.untagged_by_journey"
            note_each(tx, [(one.guest_id, {"tag": one.tag, "journey": one.journey})], what, one.journey_name, at)


def _newest(told: Iterable[TagUpdate]) -> list[TagUpdate]:
    found: dict[tuple[UUID, str], TagUpdate] = {}
    for one in sorted(told, key=lambda one: (one.requested_at, one.update_id)):
        found[one.guest_id, one.tag] = one
    return list(found.values())


def _judged(guest: Tagged, wanted: Iterable[TagUpdate]) -> list[TagUpdate]:
    """What is disputed stays as it is, and nobody gets more tags than a person may give."""
    tags, found = set(guest.tags), []
    for one in wanted:
        refused = RESTRICTED if Right.RESTRICTED in guest.rights else None
        if refused is None and one.given and one.tag not in tags and len(tags) >= MOST_TAGS:
            refused = TOO_MANY
        if refused is None:
            tags = tags | {one.tag} if one.given else tags - {one.tag}
        found.append(replace(one, refused=refused))
    return found


def _after(before: dict[UUID, set[str]], done: Iterable[TagUpdate]) -> dict[UUID, set[str]]:
    after = {guest: set(tags) for guest, tags in before.items()}
    for one in done:
        (after[one.guest_id].add if one.given else after[one.guest_id].discard)(one.tag)
    return after


def _told(chunk: Chunk) -> list[TagUpdate]:
    names = ("update_id", "guest_id", "tag", "given", "journey", "journey_name", "requested_at")
    return [
        TagUpdate(UUID(id), UUID(guest), tag, given, journey, name, datetime.fromisoformat(at))
        for id, guest, tag, given, journey, name, at in zip(*(chunk[column] for column in names), strict=True)
    ]
