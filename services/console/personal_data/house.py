"""The house: its hotels, its terms, and who looked at or erased whom."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

HOUSE = (
    Table(
        name="audit_entry",
        what="Who looked and who changed what",
        why="Who saw or changed what. It names guests by number only, and an erased guest's stands for "
        "nobody; what an entry says beside it goes by `services.console.store.audit.forget`.",
        columns={
            **plain("audit_id", "service"),
            **colleague("actor"),
            "action": personal(PersonalKind.CONDUCT),
            **key("subject"),
            "details": personal(PersonalKind.CONDUCT),
            "recorded_at": personal(PersonalKind.CONDUCT),
            **colleague("role", "hotels"),
        },
        kept=Kept.AUDIT,
        guests="subject in (select 'guest ' || id from unnest(%(guests)s::uuid[]) as asked (id))",
        on_erasure=OnErasure.STAYS,
        dropped="recorded_at < %(before)s",
    ),
    Table(
        name="guest_forgotten",
        what="Erasures",
        why="Which service erased a guest, and when: the certificate. The number stands for nobody any more.",
        columns={
            **key("guest_id"),
            **plain("service", "version", "forgotten_at", "rows"),
        },
        kept=Kept.ERASURE,
        guests=OF_GUEST,
    ),
    Table(
        name="property",
        what="Hotels",
        why="Hotels, their hours, and who answers for their data.",
        columns=plain(
            *("code", "version", "name", "zone", "country", "legal_entity", "postal_address", "contact"),
            *("told_of_survey", "survey_threshold", "currency", "names", "colour", "logo", "changed_at"),
            *("phone", "check_in", "map_url", "booking_url"),
        ),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="brand_picture",
        what="Logos of hotels",
        why="What hotels show on pages that guests see, open to everybody.",
        columns=plain("picture", "media_type", "width", "height", "content", "added_at"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="sender_known",
        what="Channels of notices",
        why="Whether a link can be sent by mail.",
        columns=plain("channel", "version", "is_real"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="retention_setting",
        what="Terms that the hotel set",
        why="How long what is kept, and who set it.",
        columns={**plain("kept", "country", "version", "days", "months", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="retention_seen",
        what="Nights of the services",
        why="What was dropped last night and what will be: numbers, without a person.",
        columns=plain("service", "subject", "version", "kept", "night", "due", "dropped", "counted_at"),
        kept=Kept.INSTALLATION,
    ),
)
