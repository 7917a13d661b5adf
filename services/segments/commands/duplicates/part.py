"""Take a group of merged guests apart, and put some of them together again.

Everybody has again what was theirs at the merge. What came since goes

1. with the stay: a row of a reservation is read again, and is whose contact point or name it carries
2. with the contact point: one that was removed is removed from whoever had it, a sign-up is whose address it has
3. else to whom they all became: corrections, tags, a journey's tier, wishes, days, contact points added by hand
4. to each of them: an objection, «do not contact», a tier or tag taken away; nobody is written to by mistake
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.commands.duplicates.journeys_tier import follow_word, journeys_word
from services.segments.commands.duplicates.replay import replay
from services.segments.commands.told.tiers import follow_loyalty
from services.segments.rules.people.corrections import COLUMNS, Field, corrected, is_corrected, taken_back, value_of
from services.segments.rules.people.guests import Guest
from services.segments.store.duplicates import merging
from services.segments.store.duplicates import parting as store
from services.segments.store.duplicates.merging import Edge
from services.segments.store.duplicates.parting import Part
from services.segments.store.guests import care
from services.segments.store.guests.guests import change_guests, load_guests
from services.segments.store.properties import property_zones
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

LOOKED_AT = ("guest_point", "removed_point", "guest_correction", "guest_preference", "guest_date")


@dataclass(frozen=True)
class Joint:
    """What is known of whom they all became, before they are taken apart."""

    root: UUID
    guest: Guest
    tags: Sequence[str]
    do_not_contact: str | None
    tables: Mapping[str, Sequence[Mapping[str, Any]]]

    def since(self, table: str, parts: Collection[Part], number: str = "id") -> list[Mapping[str, Any]]:
        """Rows with a number that nobody had at the merge."""
        known = {str(one) for part in parts for one in part.state[table]}
        return [row for row in self.tables[table] if str(row[number]) not in known]


def take_apart(tx: Tx, root: UUID, at: datetime) -> Counter[str]:
    """Everybody of the group is a guest of their own again; how much that came since was given to whom, by kind.

    Nobody resolves reservations meanwhile. Versions and events are the caller's.
    """
    parts = store.parts_of(tx, root)
    if not parts:
        return Counter()
    joint = _joint(tx, root)
    word = journeys_word(tx, joint.guest)
    store.give_back(tx, root)
    store.stood_apart(tx, parts)
    store.insert_again(tx, root, parts)
    store.give_back_pairs(tx, root)
    given = replay(tx, root, list(parts), at)
    _removed_points(tx, joint, parts)
    _added_points(tx, joint, parts)
    store.sign_ups_follow(tx, root, parts)
    _corrections(tx, joint, parts, at)
    if word:
        follow_word(tx, word, joint.root, {guest: part.state["guest"] for guest, part in parts.items()}, at)
    _noted(tx, joint, parts)
    _dates(tx, joint, parts)
    others = [guest for guest in parts if guest != root]
    known = [number for part in parts.values() for number in part.state["guest_right"]]
    given["objections"] = store.claim_for_all(tx, root, others, known)
    store.rights_as_written(tx, list(parts))
    store.answers_follow(tx, list(parts))
    store.recount_points(tx, list(parts))
    follow_loyalty(tx, list(parts), at)
    return given


def put_together(tx: Tx, guests: Collection[UUID], edges: Sequence[Edge], root: UUID, at: datetime) -> None:
    """Guests who stand alone become one again by these merges, the first one first."""
    if len(guests) == 1:
        store.forget_parts(tx, guests)
        return
    store.record(tx, guests, root, at)
    for edge in edges:
        merging.hand_over(tx, edge.guest_id, edge.into_id, at)
    follow_loyalty(tx, [root], at)
    store.keep_names(tx, root)


def _joint(tx: Tx, root: UUID) -> Joint:
    guest = load_guests(tx, [root])[root]
    noted = care.lock_noted(tx, root)
    assert noted is not None
    tables = {table: store.rows_of_table(tx, table, root) for table in LOOKED_AT}
    return Joint(root, guest, noted.tags, noted.do_not_contact, tables)


def _removed_points(tx: Tx, joint: Joint, parts: Mapping[UUID, Part]) -> None:
    """What was removed since is removed from whoever had it; what was put back since is theirs again."""
    now = {row["point"]: row for row in joint.tables["removed_point"]}
    there = {row["point"]: row for row in joint.tables["guest_point"]}
    had, lacked = _having(parts, "guest_point"), _having(parts, "removed_point")
    for point in (lacked.keys() & there.keys()) - had.keys():
        for guest in lacked[point]:
            store.put_back(tx, guest, point)
            store.add_rows(tx, "guest_point", [{**there[point], "guest_id": str(guest)}])
    for point, row in now.items():
        if point in there:  # one of them had it removed, another has it
            continue
        for guest in had.get(point, [] if point in lacked else [joint.root]):
            store.drop_point_of(tx, guest, point)
            store.add_rows(tx, "removed_point", [{**row, "guest_id": str(guest)}])


def _having(parts: Mapping[UUID, Part], table: str) -> dict[str, list[UUID]]:
    """By contact point, who had it at the merge."""
    found: dict[str, list[UUID]] = {}
    for guest, part in parts.items():
        for row in part.state[table]:
            found.setdefault(row["point"], []).append(guest)
    return found


def _added_points(tx: Tx, joint: Joint, parts: Mapping[UUID, Part]) -> None:
    known = _having(parts, "guest_point").keys() | _having(parts, "removed_point").keys()
    added = [row for row in joint.tables["guest_point"] if row["by_hand"] and row["point"] not in known]
    store.add_rows(tx, "guest_point", added)


def _corrections(tx: Tx, joint: Joint, parts: Mapping[UUID, Part], at: datetime) -> None:
    """What was corrected since, or taken back, is the root's."""
    fields = {row["field"] for row in joint.since("guest_correction", parts.values())}
    concerned = [field for field in COLUMNS if field in fields]
    if not concerned:
        return
    guest = load_guests(tx, [joint.root])[joint.root]
    zone = property_zones(tx).get(guest.home_property or "", guest.home_zone)
    for field in concerned:
        guest = _corrected_as(joint.guest, guest, field, zone)
    change_guests(tx, [guest], at)


def _corrected_as(joint: Guest, guest: Guest, field: Field, zone: str) -> Guest:
    if is_corrected(joint, field):
        return corrected(guest, field, value_of(joint, field), zone)
    return taken_back(guest, field) if is_corrected(guest, field) else guest


def _noted(tx: Tx, joint: Joint, parts: Mapping[UUID, Part]) -> None:
    """Tags, wishes and «do not contact», which people note of the guest they see."""
    states = {guest: part.state["guest"] for guest, part in parts.items()}
    before = {tag for state in states.values() for tag in state["tags"]}
    stated = {state["do_not_contact"] for state in states.values()} - {None}
    for guest, state in states.items():
        tags = [tag for tag in state["tags"] if tag in joint.tags]
        if guest == joint.root:
            tags = sorted({*tags, *(tag for tag in joint.tags if tag not in before)})
        reason = state["do_not_contact"]
        if joint.do_not_contact not in (stated or {None}):  # noted, or lifted, since
            reason = joint.do_not_contact
        store.set_noted(tx, guest, tags, reason)
    _preference(tx, joint, parts)


def _preference(tx: Tx, joint: Joint, parts: Mapping[UUID, Part]) -> None:
    """What the desk wrote since is the root's: the text of all of them, as it was changed."""
    before = [part.preference for part in parts.values() if part.preference]
    lines = {line for text in before for line in _opened(tx, text).splitlines()}
    now = joint.tables["guest_preference"]
    if lines != {line for row in now for line in _opened(tx, row["text_sealed"]).splitlines()}:
        care.save_preference(tx, joint.root, None, "", joint.guest.first_said_at)
        store.add_rows(tx, "guest_preference", now)


def _dates(tx: Tx, joint: Joint, parts: Mapping[UUID, Part]) -> None:
    """A day that was said since is the root's; one that was taken away since is nobody's."""
    now = {row["date_key"]: row for row in joint.tables["guest_date"]}
    before = [row for part in parts.values() for row in part.state.get("guest_date") or ()]
    for key in {row["date_key"] for row in before} - now.keys():
        store.drop_date(tx, list(parts), key)
    known = {(row["date_key"], str(row["on_date"])) for row in before}
    since = [row for key, row in now.items() if (key, str(row["on_date"])) not in known]
    for row in since:
        store.drop_date(tx, [joint.root], row["date_key"])
    store.add_rows(tx, "guest_date", since)


def _opened(tx: Tx, text: str) -> str:
    return tx.keyring.open(Sealed(text), Sealing.NOTE)
