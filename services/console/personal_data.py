"""What console keeps of people: colleagues and their doings, and which guests were erased."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.every_service import EVERY_SERVICE
from shared.vocabulary.personal_data import Kept, PersonalKind

PERSONAL_DATA = PersonalData(
    tables=(
        Table(
            name="audit_entry",
            what="Who looked and who changed what",
            why="Who saw or changed what. It names guests by number only, and an erased guest's stands for "
            "nobody; what an entry says beside it goes by `services.console.store.audit.forget`.",
            columns={
                **plain("audit_id", "service"),
                **colleague("actor"),
                "action": personal(PersonalKind.CONDUCT, "What was done"),
                **key("subject"),
                "details": personal(PersonalKind.CONDUCT),
                "recorded_at": personal(PersonalKind.CONDUCT, "On"),
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
            name="message_seen",
            what="Messages by day",
            why="Home counts messages by state. A message leads to a guest by messaging only.",
            columns={
                **key("message_id"),
                **plain("version", "journey", "purpose", "property", "state", "reason", "day", "sent_at"),
            },
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="journey_launched",
            what="Launches",
            why="Home shows what was launched.",
            columns={**plain("journey", "version", "launched_at"), **colleague("launched_by")},
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="property",
            what="Hotels",
            why="Hotels, their hours, and who answers for their data.",
            columns=plain(
                *("code", "version", "name", "zone", "country", "legal_entity", "postal_address", "contact"),
                *("told_of_survey", "survey_threshold", "changed_at"),
            ),
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="account",
            what="Colleagues",
            why="Who may sign in, and what they may see.",
            columns={
                **plain("version", "one_time_until", "sessions_ended", "changed_at"),
                **colleague("person_id", "email", "email_index", "name", "role", "properties", "language"),
                **colleague("signed_in_at"),
                "password_hash": personal(PersonalKind.SECRET),
            },
            kept=Kept.ACCOUNT,
        ),
        Table(
            name="api_key",
            what="Keys of programs",
            why="Which programs may call, and who let them.",
            columns={
                **plain("key_id", "version", "name", "properties", "made_at", "ended_at"),
                **colleague("made_by"),
                "secret_hash": personal(PersonalKind.SECRET),
            },
            kept=Kept.ACCOUNT,
        ),
        Table(
            name="sign_in_attempt",
            what="Attempts to sign in",
            why="Whoever guesses passwords is slowed down; addresses are kept as blind indexes.",
            columns={**plain("kind", "attempts", "last_at"), **colleague("key")},
            kept=Kept.SESSION,
            dropped="last_at < %(before)s",
        ),
        *EVERY_SERVICE,
    )
)
