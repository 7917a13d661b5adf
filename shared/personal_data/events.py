"""Guests in events: what is cut out of the bodies that a service keeps, and what still passes after an erasure.

Bodies speak of up to 500 guests; only the erased one's place goes. A message keeps its number, so that a subscriber
that has handled it drops it when it comes again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson

from shared.database.pool import Tx
from shared.events.dictionary import EventType
from shared.events.messaging import MESSAGE_EVENTS

# Events that are needed after the erasure, with the fields that would say something of the guest. What is left is
# numbers that stand for nobody, states and instants; an objection's point is a keyed hash.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "guest.erased.v1": {},
    "guest.forgotten.v1": {},
    "guest.merged.v1": {},
    "guest.unmerged.v1": {"stays": [], "points": [], "consents": [], "from_consents": []},
    "optout.requested.v1": {},
    "message.withdrawn.v1": {},
    "message.requested.v1": {"occurrence": "", "values": {}, "stay_id": None},
    **{name: {"occurrence": "", "stay_id": None} for name in MESSAGE_EVENTS},
    # Of a rehearsal every row counts, lest it wait for ever.
    "audience.forecast.v1": {"segment": "", "because": {}, "zone": "UTC", "stay": {}},
    "message.rehearsed.v1": {"request": {}, "reason": None, "stay": {}},
    "message.judged.v1": {"occurrence": "", "zone": "UTC", "reason": None},
}


TOMBSTONES = [name for name, telling in NEEDED.items() if not telling]


def speaks_of_guests(kind: EventType) -> bool:
    return "guest_id" in kind.columns


def is_needed(name: str) -> bool:
    """Whether an event about an erased guest is handled all the same; the others are passed over."""
    return name in NEEDED


def forget_events(tx: Tx, guests: Collection[UUID], keys: Collection[str]) -> dict[UUID, dict[str, int]]:
    """Cuts guests out of the outbox, the mailbox and the dead letters; how many places of which, by guest.

    `keys`: the numbers of their stays, messages, answers and cases, by which a dead letter may be known.
    """
    counts: dict[UUID, dict[str, int]] = {guest: {} for guest in guests}
    for table in ("outbox", "mailbox"):
        for guest, places in _cut(tx, table, {str(guest) for guest in guests}).items():
            counts[UUID(guest)][table] = places
    dropped = forget_letters(tx, guests, keys)
    if dropped:  # which of several guests a letter is about is not asked
        counts[min(guests)]["dead_letter"] = dropped
    return counts


def forget_letters(tx: Tx, guests: Collection[UUID], keys: Collection[str] = ()) -> int:
    """Cuts guests out of the dead letters; a letter that cannot be read goes as a whole. How many letters."""
    cut = sum(_cut(tx, "dead_letter", {str(guest) for guest in guests}).values())
    asked = {"guests": _needles(guests), "keys": list(keys), "kept": TOMBSTONES}
    return cut + tx.execute(DROP, asked).rowcount


def _needles(guests: Collection[object]) -> list[bytes]:
    return [str(guest).encode() for guest in guests]


def _cut(tx: Tx, table: str, guests: set[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    changed: dict[int, tuple[bytes, int]] = {}
    for number, name, body in tx.execute(FIND.format(table=table), {"guests": _needles(sorted(guests))}).fetchall():
        columns = _columns(body)
        if not columns and table == "dead_letter":  # nobody can tell whose it is
            changed[number] = (b"", 0)
            found.update(one for one in guests if one.encode() in body)
        places = [place for place, guest in enumerate(columns.get("guest_id", ())) if guest in guests]
        telling = places if name not in NEEDED else [place for place in places if _tells(name, columns, place)]
        if telling:
            found.update(columns["guest_id"][place] for place in telling)
            changed[number] = _without(name, columns, telling)
    if changed:
        bodies, sizes = zip(*changed.values(), strict=True)
        values = {"ids": list(changed), "bodies": list(bodies), "sizes": list(sizes)}
        tx.execute(CHANGE[table], values)
        tx.execute(
            f"delete from {table} where id = any(%(ids)s)", {"ids": [id for id in changed if not changed[id][1]]}
        )
    return found


def _columns(body: bytes) -> dict[str, list[Any]]:
    """What a body says, column by column; of one that cannot be read nothing."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    sound = isinstance(found, dict) and all(isinstance(values, list) for values in found.values())
    return found if sound and len({len(values) for values in found.values()}) == 1 else {}


def _tells(name: str, columns: Mapping[str, list[Any]], place: int) -> bool:
    return any(columns[field][place] != blank for field, blank in NEEDED[name].items() if field in columns)


def _without(name: str, columns: dict[str, list[Any]], places: Collection[int]) -> tuple[bytes, int]:
    """The body without these places (of an event that is needed: with their fields blank), and how many are left."""
    if name in NEEDED:
        for field, blank in NEEDED[name].items():
            columns[field] = [blank if place in places else value for place, value in enumerate(columns[field])]
        return orjson.dumps(columns), len(columns["guest_id"])
    gone = frozenset(places)
    left = {field: [one for place, one in enumerate(values) if place not in gone] for field, values in columns.items()}
    return orjson.dumps(left), len(left["guest_id"])


FIND = """
    select id, type, body from {table}
    where exists (select from unnest(%(guests)s::bytea[]) as sought (guest) where position(guest in body) > 0)
    order by id for update
"""
CHANGE = {
    "outbox": """
        update outbox set body = new.body, subjects = greatest(new.size, 1)
        from unnest(%(ids)s::bigint[], %(bodies)s::bytea[], %(sizes)s::int[]) as new (id, body, size)
        where outbox.id = new.id
    """,
    "mailbox": """
        update mailbox set body = new.body
        from unnest(%(ids)s::bigint[], %(bodies)s::bytea[]) as new (id, body)
        where mailbox.id = new.id
    """,
    "dead_letter": """
        update dead_letter set body = new.body
        from unnest(%(ids)s::bigint[], %(bodies)s::bytea[]) as new (id, body)
        where dead_letter.id = new.id
    """,
}
DROP = """
    delete from dead_letter
    where type <> all(%(kept)s) and place >= 0 and (
        subject_key = any(%(keys)s)
        or exists (select from unnest(%(guests)s::bytea[]) as sought (guest)
                   where position(guest in convert_to(subject, 'UTF8')) > 0))
"""
