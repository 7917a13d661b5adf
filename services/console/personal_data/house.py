"""The house: its hotels, its terms, and who looked at or erased whom."""

from __future__ import annotations

from shared.events.console import EVERY_SERVICE
from shared.personal_data.columns import OF_GUEST, colleague, key, of_installation, personal, plain
from shared.personal_data.declaration import THE_MONTH, Leaves, OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

ALL_ARE_OLD = f"""
    forgotten_at < {THE_MONTH} and (select count(*) from guest_forgotten as each
     where each.guest_id = guest_forgotten.guest_id and each.forgotten_at < {THE_MONTH}) = {len(EVERY_SERVICE)}
"""
"""As old as the trail that goes, a month at a time. Those that are old themselves are found by their age."""

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
        by_month="recorded_at",
    ),
    Table(
        name="guest_forgotten",
        what="Erasures",
        why="Which service erased a guest, and when: the certificate. The number stands for nobody any more. Once the "
        "trail of that time has gone, a line without the counts stays in `guest_erased`.",
        columns={
            **key("guest_id"),
            **plain("service", "version", "forgotten_at", "rows"),
        },
        kept=Kept.ERASURE,
        guests=OF_GUEST,
        leaves=Leaves(
            kept=Kept.AUDIT,
            rows=ALL_ARE_OLD,
            key="guest_id",
            into="guest_erased",
            keeps={"erased_on": "(forgotten_at at time zone 'UTC')::date"},
        ),
    ),
    Table(
        name="guest_erased",
        what="Erasures of before",
        why="That every service erased a guest, and on which day: nothing of before brings the guest back.",
        columns={**key("guest_id"), **plain("erased_on")},
        kept=Kept.ERASURE,
        guests=OF_GUEST,
    ),
    of_installation(
        "property",
        "Hotels",
        "Hotels, their hours, and who answers for their data.",
        plain(
            *("code", "version", "name", "zone", "country", "legal_entity", "postal_address", "contact"),
            *("told_of_survey", "survey_threshold", "currency", "names", "colour", "logo", "changed_at"),
            *("phone", "check_in", "map_url", "booking_url", "rooms"),
        ),
    ),
    of_installation(
        "brand_picture",
        "Logos of hotels",
        "What hotels show on pages that guests see, open to everybody.",
        plain("picture", "media_type", "width", "height", "content", "added_at"),
    ),
    of_installation(
        "newest_backup",
        "The newest verified backup",
        "How old it is, told on Home and Delivery.",
        plain("one", "at", "verified_at"),
    ),
    of_installation(
        "sender_known",
        "Channels of notices",
        "Whether a link can be sent by mail.",
        plain("channel", "version", "is_real"),
    ),
    of_installation(
        "retention_setting",
        "Terms that the hotel set",
        "How long what is kept, and who set it.",
        {**plain("kept", "country", "version", "days", "months", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "retention_seen",
        "Nights of the services",
        "What was dropped last night and what will be: numbers, without a person.",
        plain("service", "subject", "version", "kept", "night", "due", "dropped", "counted_at"),
    ),
)
