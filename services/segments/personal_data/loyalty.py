"""Points and tiers."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

LOYALTY = (
    Table(
        name="loyalty",
        what="Points and tiers",
        why="What a loyalty programme tells of a guest: the guest's tier follows it.",
        columns={
            **key("id", "guest_id"),
            "programme": personal(PersonalKind.PROFILE, "Programme"),
            "number": personal(PersonalKind.PROFILE, "Number in the programme"),
            "tier": personal(PersonalKind.PROFILE, "Tier"),
            "points": personal(PersonalKind.PROFILE, "Points"),
            "as_of": personal(PersonalKind.PROFILE, "As of"),
            **plain("told_at"),
            **colleague("told_by"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
