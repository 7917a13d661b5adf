"""What hotels' own systems tell that happened to guests."""

from __future__ import annotations

from shared.personal_data.columns import colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

GUEST_EVENTS = (
    Table(
        name="guest_event",
        what="What happened, as the hotel's systems tell it",
        why="What a guest does beside their stays, such as booking a treatment: their story shows it.",
        columns={
            **key("id", "guest_id", "stay_id"),
            **plain("told_at"),
            **colleague("told_by"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "reference": personal(PersonalKind.CONDUCT),
            "name": personal(PersonalKind.CONDUCT, "What happened"),
            "details": personal(PersonalKind.CONDUCT, "Details"),
            "happened_at": personal(PersonalKind.CONDUCT, "On"),
        },
        kept=Kept.GUEST,
        guests="""(guest_id = any(%(guests)s::uuid[])
            or stay_id in (select id from stay where guest_id = any(%(guests)s::uuid[])))""",
        on_erasure=OnErasure.DELETED,
    ),
)
