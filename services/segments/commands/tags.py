"""Tags: one spelling each, put on or taken off whoever is in a segment, and kept by rules.

Both work in ranges, each its own transaction. A guest's story says who or which rule put a tag on; the audit trail has
one entry for all of it. Done twice, the second does nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from services.segments.commands.guests.noting import publish_and_evaluate
from services.segments.commands.guests.spelling import spelled
from services.segments.commands.segments.lifecycle import live_segment
from services.segments.rules.language.nested import expanded
from services.segments.rules.language.tree import Leaf, Rule, leaves
from services.segments.rules.people.tags import MOST_TAGS, read_tag
from services.segments.store import tags as store
from services.segments.store.guests.care import keep_edits
from services.segments.store.guests.guests import await_turn, lock_guests, next_versions
from services.segments.store.segments import live_rules
from services.segments.store.tags import TagRule, TagRun
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id

A_RANGE = 2_000
LOOKED_AT_EVERY = timedelta(minutes=15)
KINDS = ("attribute", "behaviour", "need")


def tag_segment(tx: Tx, key: str, text: str, by: Person, at: datetime, *, adds: bool) -> UUID:
    """Whoever is in the segment gets the tag, or loses it."""
    segment = live_segment(tx, key)
    (tag,) = spelled(tx, [_tag(text)])
    run = make_id("tag run", key, tag, str(adds), at.isoformat())
    if store.add_run(tx, TagRun(run, tag, adds, segment.number, None, by.name, at, None)):
        what = "segment.tagged" if adds else "segment.untagged"
        record(tx, by, what, f"segment {key}", {"tag": tag}, at)
    return run


def undo_run(tx: Tx, run_id: UUID, by: Person, at: datetime) -> None:
    """Takes the tag off those alone whom the run gave it, or gives it back to those who lost it."""
    run = store.run_of(tx, run_id)
    if run is None or run.undoes is not None:
        raise NotFound("There is no such run.")
    if store.is_undone(tx, run_id):
        return
    undone = make_id("tag run undone", str(run_id))
    store.end_run(tx, run_id, at)
    store.add_run(tx, TagRun(undone, run.tag, not run.adds, run.segment, run_id, by.name, at, None))
    record(tx, by, "segment.tags_undone", f"tag {run.tag}", {}, at)


def tag_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the run under way; False where none is."""
    await_turn(tx)
    run = store.lock_next_run(tx)
    if run is None:
        return False
    guests = store.next_of_run(tx, run, A_RANGE)
    if not guests:
        store.end_run(tx, run.id, at)
        return True
    changed = _change(tx, guests, run.tag, run.made_by, at, adds=run.adds)
    store.mark_run(tx, run.id, guests[-1], changed)
    return True


def make_rule(tx: Tx, key: str, text: str, kind: str, by: Person, at: datetime) -> None:
    """From now on whoever is in the segment has the tag. Raises `InputError` by field, `Conflict` where a rule gives it
    already or the segment itself asks for automatic tags."""
    segment, tag = live_segment(tx, key), spelled(tx, [_tag(text)])[0]
    if kind not in KINDS:
        raise InputError("This rule cannot be made.", {"kind": "attribute, behaviour or need"})
    automatic = {one.tag for one in store.standing_rules(tx)} | {tag}
    if _asks_for(tx, key, automatic):
        raise Conflict("The segment asks for tags that rules give.")
    if not store.add_rule(tx, make_id("tag rule", tag, at.isoformat()), tag, kind, segment.number, by.name, at):
        raise Conflict("A rule gives this tag already.")
    record(tx, by, "tag.rule_made", f"tag {tag}", {"segment": key, "kind": kind}, at)


def end_rule(tx: Tx, rule: UUID, by: Person, at: datetime) -> None:
    """Who has the tag keeps it, until somebody takes it off."""
    tag = store.end_rule(tx, rule, at)
    if tag is None:
        raise NotFound("There is no such rule.")
    record(tx, by, "tag.rule_ended", f"tag {tag}", {}, at)


def keep_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the rule that is due; False where none is. A rule that found nothing to do rests a while."""
    await_turn(tx)
    rule = store.lock_due_rule(tx, at)
    if rule is None:
        return False
    automatic = {one.tag for one in store.standing_rules(tx)}
    came = [] if _asks_for(tx, rule.segment_key, automatic) else store.newly_in(tx, rule, A_RANGE)
    if came:
        owned = _change(tx, came, rule.tag, "", at, adds=True, rule=rule)
        store.keep_given(tx, rule.id, came, owned, at)
        return True
    if went := store.no_longer_in(tx, rule, A_RANGE):
        _change(tx, store.forget_given(tx, rule.id, went), rule.tag, "", at, adds=False, rule=rule)
        return True
    store.plan_rule(tx, rule.id, at + LOOKED_AT_EVERY)
    return True


def _change(
    tx: Tx, guests: Collection[UUID], tag: str, by: str, at: datetime, *, adds: bool, rule: TagRule | None = None
) -> list[UUID]:
    """Who was changed: published, evaluated, and with a line in their story."""
    lock_guests(tx, sorted(guests))
    changed = store.put_on(tx, guests, tag, MOST_TAGS) if adds else store.take_off(tx, guests, tag)
    if changed:
        next_versions(tx, changed, at)
        details = {"tag": tag, **({"segment": rule.segment_name, "kind": rule.kind} if rule else {})}
        what = f"guest.{'tagged' if adds else 'untagged'}{'_by_rule' if rule else ''}"
        keep_edits(tx, [(guest, details) for guest in changed], what, by, at)
        publish_and_evaluate(tx, changed, at)
    return changed


def _asks_for(tx: Tx, key: str, tags: Collection[str]) -> bool:
    """Whether the segment, or one inside it, asks for one of these tags: then they would move each other for ever."""
    live = live_rules(tx)
    rule: Rule | None = live.get(key)
    return rule is not None and any(_names(leaf, tags) for leaf in leaves(expanded(rule, live)))


def _names(leaf: Leaf, tags: Collection[str]) -> bool:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return leaf.fact == "tags" and (leaf.value is True or any(value in tags for value in values))


def _tag(text: str) -> str:
    tag = read_tag(text)
    if tag is None:
        raise InputError("This tag cannot be used.", {"tag": "1 to 40 characters, without commas"})
    return tag
