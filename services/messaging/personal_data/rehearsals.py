"""Rehearsals: what journeys would ask for, until the gate has answered."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

REHEARSALS = (
    Table(
        name="rehearsal_wanted",
        what="Rehearsals asked for",
        why="How far ahead journeys are to be rehearsed.",
        columns={
            **plain("id", "version", "at", "until", "is_replay", "wanted"),
            **plain("messages_of", "messages_here", "changed_at"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="rehearsed_message",
        what="Rehearsed requests",
        why="What journeys would ask for; kept until the gate has said what it thinks of it.",
        columns={
            **key("guest_id", "message_id"),
            **plain("rehearsal_id", "number"),
            **dict.fromkeys(("at", "reason", "request"), personal(PersonalKind.MESSAGE)),
            "stay": personal(PersonalKind.STAY),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
