"""Segments edited by people: under a key made of the name, and never over somebody else's change."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from services.segments.commands.segments.lifecycle import LONGEST_KEY, Saved, live_segment, save_segment
from services.segments.queries.segments import next_number
from services.segments.store import segments as store
from services.segments.store.evaluation import rulesets
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError

LONGEST_NAME = 120
LONGEST_FOLDER = 60
TAKEN = frozenset(
    {"new", "draft", "choices", "names", "templates", "lists", "exports", "tags", "tiers"}
)  # addresses of pages of their own


def make_segment(tx: Tx, key: str, name: str, rule: Any, at: datetime, *, private: bool = False) -> Saved:
    """A new segment. Without a key it gets one of its name, or a number where the name has no Latin letters. A
    `private` one takes the key of one that was retired.

    Raises `InputError` by field (`name`, `key`) and by JSON pointer into the rule.
    """
    rulesets.lock_rules(tx)
    check_name(name)
    if not key:
        key = free_key(tx, key_of(name) or f"segment-{next_number(tx)}")
    elif key in TAKEN or _is_taken(store.find(tx, key), private=private):
        raise InputError("This segment cannot be saved.", {"key": "taken"})
    return save_segment(tx, key, name.strip(), rule, at, private=private)


def _is_taken(known: store.Segment | None, *, private: bool) -> bool:
    return known is not None and not (private and known.private and known.retired_at is not None)


def edit_segment(tx: Tx, key: str, name: str, rule: Any, seen: int, at: datetime) -> Saved:
    """Another name or rule for a segment whose rule is still the one `seen`. Raises `Conflict` where it is not."""
    rulesets.lock_rules(tx)
    known = live_segment(tx, key)
    if known.version != seen:
        raise Conflict()
    check_name(name)
    return save_segment(tx, key, name.strip(), rule, at, private=known.private)


def check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or "\x00" in name:
        raise InputError("This segment cannot be saved.", {"name": f"1 to {LONGEST_NAME} characters expected"})


def key_of(name: str) -> str:
    """«Gäste aus München» → gaste-aus-munchen; empty where nothing Latin is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_KEY - 4].strip("-")


def free_key(tx: Tx, wanted: str) -> str:
    taken = store.keys_like(tx, wanted) | TAKEN
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def copy_segment(tx: Tx, key: str, name: str, by: Person, at: datetime) -> Saved:
    """The same rule under another name and key: counted at once, used by nobody."""
    known = live_segment(tx, key)
    saved = make_segment(tx, "", name[:LONGEST_NAME], known.rule, at)
    store.put_in_folder(tx, saved.number, store.folder_of(tx, known.number))
    record(tx, by, "segment.made", f"segment {saved.key}", {"version": saved.version, "copy_of": key}, at)
    return saved


def put_in_folder(tx: Tx, key: str, folder: str, by: Person, at: datetime) -> None:
    known = live_segment(tx, key)
    name = " ".join(folder.replace("\x00", "").split())[:LONGEST_FOLDER]
    store.put_in_folder(tx, known.number, name)
    record(tx, by, "segment.put_away", f"segment {key}", {"folder": name}, at)
