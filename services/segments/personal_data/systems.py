"""Connections to other systems, and the numbers by which these say what changed."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

SYSTEMS = (
    Table(
        name="system_event",
        what="What other systems say has changed",
        why="A reservation's number waits here until it is fetched; nothing else of it is kept.",
        columns={
            **key("entity"),
            **plain("connection_id", "told", "told_at", "next_at", "attempts", "problem", "given_up_at"),
        },
        kept=Kept.RECEIVED,
        guests="""(connection_id, split_part(entity, ':', 2)) in (
            select c.connection_id, s.reservation from stay s join system_connection c using (source)
            where s.guest_id = any(%(guests)s::uuid[]))""",
        on_erasure=OnErasure.DELETED,
        dropped="given_up_at < %(before)s",
    ),
    Table(
        name="system_statement",
        what="As of when other systems stated a reservation",
        why="What was stated before it arrives late and changes nothing.",
        columns={**key("stay_id"), **plain("stated_at", "cancelled_at")},
        kept=Kept.GUEST,
        guests="stay_id in (select coalesce(again_of, id) from stay where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="system_connection",
        what="Connections to other systems",
        why="Where another system is, with which credentials it is asked, and how far its changes are read.",
        columns={
            **plain("connection_id", "kind", "source", "address", "hotels", "made_at", "ended_at", "cursor"),
            **plain("caught_up_at", "poll_at", "rests_until", "lease_until", "failures", "heard_at", "trouble"),
            **plain("trouble_status", "trouble_at", "left_out"),
            **colleague("made_by"),
            "credentials_sealed": personal(PersonalKind.SECRET, sealed=Sealing.SYSTEM),
            "door_hash": personal(PersonalKind.SECRET),
        },
        kept=Kept.INSTALLATION,
    ),
)
