"""What feedback keeps of guests: a name, a language, and the blind indexes of their contact points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.channel import Channel, ContactKind

NAMES = ("guest_id", "version", "language", "given_name", "family_name", "home_property")


def keep(tx: Tx, chunk: Chunk) -> None:
    columns = {name: chunk[name] for name in NAMES}
    emails, numbers = (_array_literals(chunk["points"], kind) for kind in (ContactKind.ADDRESS, ContactKind.NUMBER))
    tx.execute(KEEP, {**columns, "emails": emails, "numbers": numbers})


def move_points(tx: Tx, moves: Mapping[str, str]) -> None:
    """What was received or listed under one index goes by the other from now on."""
    pairs = {"old": list(moves), "new": list(moves.values())}
    for table in ("reply", "optout_listed", "thread_answer", "recognition"):
        tx.execute(MOVE.format(table=table), pairs)


def _array_literals(guests: list[list[dict[str, Any]]], kind: ContactKind) -> list[str]:
    """A PostgreSQL array a guest, as text (they differ in length); a point has no letter that an array quotes."""
    channels = frozenset(str(channel) for channel in Channel if channel.contact is kind)
    return ["{" + ",".join(point["point"] for point in each if point["channel"] in channels) + "}" for each in guests]


def add_tombstones(tx: Tx, guests: Sequence[Any], versions: Sequence[int], into: Sequence[Any]) -> None:
    """Marks guests as merged, also those of whom nothing is known yet."""
    tx.execute(ADD_TOMBSTONES, {"guest_id": list(guests), "version": list(versions), "into": list(into)})


def revive(tx: Tx, guest_id: UUID, version: int) -> bool:
    """The guest is merged no more; False where they are erased, or were merged again since."""
    return tx.execute(REVIVE, {"guest": guest_id, "version": version}).rowcount > 0


def follow(tx: Tx, params: Mapping[str, Any]) -> None:
    """Answers and messages about the guest's stays, and replies from their contact points, are the guest's."""
    for statement in FOLLOW:
        tx.execute(statement, params)


def mark_erased(tx: Tx, guests: Sequence[UUID], versions: Sequence[int]) -> None:
    """Tombstones, also of those of whom nothing is known. What is kept of them goes by the declaration."""
    tx.execute(MARK_ERASED, {"guest_id": list(guests), "version": list(versions)})


def erased_among(tx: Tx, guests: Collection[Any]) -> set[UUID]:
    """Those of these guests who are erased."""
    return {guest for (guest,) in tx.execute(ERASED, {"guests": list(guests)})}


def home_of(tx: Tx, guest_id: UUID) -> str | None:
    """The hotel a guest is most at home in."""
    row = tx.execute(HOME_OF, {"guest_id": guest_id}).fetchone()
    return row[0] if row else None


def guests_on(tx: Tx, channel: Channel, points: Sequence[str]) -> list[UUID]:
    """`points`: what one address is known by under each key of the index."""
    query = f"select guest_id from guest_known where {ON[channel.contact]} order by guest_id"
    return [row[0] for row in tx.execute(query, {"points": list(points)}).fetchall()]


def emails_of(tx: Tx, guest_id: UUID) -> list[str]:
    """What a guest's addresses are known by, best first."""
    row = tx.execute("select emails from guest_known where guest_id = %s", [guest_id]).fetchone()
    return list(row[0]) if row else []


def language_on(tx: Tx, channel: Channel, points: Sequence[str]) -> str | None:
    """The language of a guest with that contact point; None where no guest has it."""
    query = f"select language from guest_known where {ON[channel.contact]} order by guest_id limit 1"
    row = tx.execute(query, {"points": list(points)}).fetchone()
    return row[0] if row else None


MOVE = """
    update {table} set point = moved.new from unnest(%(old)s::text[], %(new)s::text[]) as moved (old, new)
    where point = moved.old
"""
KEEP = """
    insert into guest_known
        (guest_id, version, language, given_name, family_name, home_property, emails, numbers)
    select distinct on (guest_id)
           guest_id, version, language, given_name, family_name, home_property, emails::text[], numbers::text[]
    from unnest(%(guest_id)s::uuid[], %(version)s::bigint[], %(language)s::text[], %(given_name)s::text[],
                %(family_name)s::text[], %(home_property)s::text[], %(emails)s::text[], %(numbers)s::text[])
        as said (guest_id, version, language, given_name, family_name, home_property, emails, numbers)
    order by guest_id, version desc
    on conflict (guest_id) do update
    set version = excluded.version, language = excluded.language, given_name = excluded.given_name,
        family_name = excluded.family_name, home_property = excluded.home_property, emails = excluded.emails,
        numbers = excluded.numbers, gone = false
    where excluded.version > guest_known.version and not (guest_known.gone and guest_known.into_guest_id is null)
"""  # a merged guest with a newer state was taken out again; an erased one never comes back
ADD_TOMBSTONES = """
    insert into guest_known (guest_id, version, into_guest_id, gone)
    select distinct on (guest_id) guest_id, version, into_guest_id, true
    from unnest(%(guest_id)s::uuid[], %(version)s::bigint[], %(into)s::uuid[])
        as said (guest_id, version, into_guest_id)
    order by guest_id, version desc
    on conflict (guest_id) do update
    set version = excluded.version, into_guest_id = excluded.into_guest_id, gone = true, emails = '{}', numbers = '{}',
        given_name = '', family_name = ''
    where excluded.version > guest_known.version and not (guest_known.gone and guest_known.into_guest_id is null)
"""
REVIVE = """
    insert into guest_known (guest_id, version) values (%(guest)s, %(version)s)
    on conflict (guest_id) do update
    set version = greatest(guest_known.version, excluded.version), gone = false, into_guest_id = null
    where not guest_known.gone or guest_known.into_guest_id is not null and guest_known.version <= excluded.version
"""
FOLLOW = (
    """
    update survey_answer set guest_id = %(guest)s where guest_id = %(from)s and stay_id = any(%(stays)s::uuid[])
    """,
    """
    update message_known set guest_id = %(guest)s where guest_id = %(from)s and stay_id = any(%(stays)s::uuid[])
    """,
    """
    update reply set guest_id = %(guest)s where guest_id = %(from)s and point = any(%(points)s::text[])
    """,
    """
    update thread_answer set guest_id = %(guest)s where guest_id = %(from)s and point = any(%(points)s::text[])
    """,
)
MARK_ERASED = """
    insert into guest_known (guest_id, version, gone)
    select guest_id, version, true from unnest(%(guest_id)s::uuid[], %(version)s::bigint[]) as said (guest_id, version)
    order by guest_id
    on conflict (guest_id) do update
    set version = greatest(guest_known.version, excluded.version), into_guest_id = null, gone = true
"""
ERASED = """
    select guest_id from guest_known
    where gone and into_guest_id is null and guest_id = any(%(guests)s::uuid[])
"""
ON = {
    ContactKind.ADDRESS: "emails && %(points)s::text[]",
    ContactKind.NUMBER: "numbers && %(points)s::text[]",
}
HOME_OF = "select home_property from guest_known where guest_id = %(guest_id)s"
