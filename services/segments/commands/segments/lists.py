"""Lists: guests named one by one, by a file or as they were in a segment. Rules ask for them by key.

A new list is in no rule yet, and one that a rule names is not ended: nobody moves because of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.segments.commands.segments.edit import LONGEST_NAME, key_of
from services.segments.commands.segments.lifecycle import live_segment
from services.segments.queries.audiences.named_guests import Found
from services.segments.rules.language.tree import leaves
from services.segments.store import lists as store
from services.segments.store.evaluation import rulesets
from services.segments.store.segments import live_rules
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound

MOST_AT_ONCE = 200_000


@dataclass(frozen=True)
class Made:
    key: str
    members: int


def freeze(tx: Tx, segment_key: str, name: str, by: Person, at: datetime) -> Made:
    """A list of who is in the segment now. It stays as it is, whatever becomes of the segment."""
    segment = live_segment(tx, segment_key)
    key = _new_key(tx, name)
    store.add(tx, key, name.strip(), segment_key, {}, by.name, at)
    members = store.put_members(tx, key, segment.number)
    if members > MOST_AT_ONCE:
        raise InputError("This list cannot be made.", {"name": f"at most {MOST_AT_ONCE} guests"})
    store.renew_facts(tx, key)
    record(tx, by, "list.made", f"list {key}", {"segment": segment_key, "count": members}, at)
    return Made(key, members)


def bring_list(tx: Tx, name: str, found: Sequence[Found], by: Person, at: datetime) -> Made:
    """A list of the guests that a file names."""
    key = _new_key(tx, name)
    guests = {guest for one in found for guest in one.guests}
    counts = {
        "lines": len(found),
        "matched": sum(bool(one.guests) for one in found),
        "unknown": sum(not one.guests for one in found),
        "several": sum(len(one.guests) > 1 for one in found),
    }
    store.add(tx, key, name.strip(), None, counts, by.name, at)
    members = store.put_guests(tx, key, guests)
    store.renew_facts(tx, key)
    record(tx, by, "list.made", f"list {key}", {**counts, "count": members}, at)
    return Made(key, members)


class AskedFor(Conflict):
    """Segments name the list in their rules; change them first."""

    def __init__(self, users: Sequence[str]) -> None:
        self.users = list(users)
        super().__init__(f"Segments name this list ({', '.join(users)}); change them first.")


def end_list(tx: Tx, key: str, by: Person, at: datetime) -> None:
    rulesets.lock_rules(tx)
    known = store.find(tx, key)
    if known is None or known.ended_at is not None:
        raise NotFound("There is no such list.")
    if users := sorted(
        other for other, rule in live_rules(tx).items() if any(_names(leaf, key) for leaf in leaves(rule))
    ):
        raise AskedFor(users)
    store.end(tx, key, at)
    store.renew_facts(tx, key)
    record(tx, by, "list.ended", f"list {key}", {}, at)


def _names(leaf: object, key: str) -> bool:
    fact, value = getattr(leaf, "fact", ""), getattr(leaf, "value", "")
    return fact == "lists" and key in (value if isinstance(value, tuple) else (value,))


def _new_key(tx: Tx, name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME or "\x00" in name:
        raise InputError("This list cannot be made.", {"name": f"1 to {LONGEST_NAME} characters expected"})
    wanted = key_of(name) or "list"
    taken = store.keys_like(tx, wanted)
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)
