"""Companies, and whom of the guests one speaks to there."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

COMPANIES: tuple[Table, ...] = (
    Table(
        name="company_contact",
        what="Contact of a company",
        why="Whom to speak to at a company, and what they do there.",
        columns={
            **plain("id"),
            **key("guest_id"),
            **plain("company_id"),
            "job": personal(PersonalKind.PROFILE, "Function at a company"),
            "added_at": personal(PersonalKind.PROFILE, "Added on"),
            **colleague("added_by"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="company",
        what="Companies",
        why="Whose guests they are by trade: a company's name, its rate codes, and who of the team follows up when.",
        columns={
            **plain("id", "version", "legal_entity", "property", "name", "folded", "rate_codes", "follow_up_on"),
            **plain("merged_into", "apart", "created_at", "changed_at"),
            **colleague("owner", "created_by"),
            **colleague("note_sealed", sealed=Sealing.NOTE),
        },
        kept=Kept.INSTALLATION,
    ),
)
