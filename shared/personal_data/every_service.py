"""The declaration of the tables that every service has: the bus's, who may sign in, and what was migrated."""

from __future__ import annotations

from shared.personal_data.columns import colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

BODY = personal(PersonalKind.MESSAGE)
IN_BODIES = (
    "Bodies speak of up to 500 guests: `shared.personal_data.events` cuts the erased guest out, their neighbours stay"
)

OUTBOX = Table(
    name="outbox",
    what="Published events",
    why=f"What the service publishes, and for a week a source to publish it again from. {IN_BODIES}.",
    columns={
        **plain("id", "message_id", "type", "lane", "headers", "subjects", "created_at", "available_at"),
        **plain("published_at", "attempts", "last_error", "partitions", "part"),
        "body": BODY,
    },
    kept=Kept.PUBLISHED,
    on_erasure=OnErasure.OWN_COMMAND,
    dropped="published_at < %(before)s",
)
INBOX = Table(
    name="inbox",
    what="Numbers of received events",
    why="An event takes effect once, however often it arrives.",
    columns=plain("concern", "message_id", "received_at"),
    kept=Kept.RECEIVED,
    dropped="received_at < %(before)s",
)
MAILBOX = Table(
    name="mailbox",
    what="Events on their way",
    why=f"Events wait here for their subscriber where there is no broker. {IN_BODIES}.",
    columns={
        **plain("id", "queue", "concern", "message_id", "type", "lane", "headers", "available_at", "attempts"),
        "body": BODY,
    },
    kept=Kept.PUBLISHED,
    on_erasure=OnErasure.OWN_COMMAND,
)
DEAD_LETTER = Table(
    name="dead_letter",
    what="Events that could not be handled",
    why=f"They wait for a person or a mended handler. {IN_BODIES}.",
    columns={
        **plain("id", "concern", "message_id", "place", "type", "republished", "reason", "attempts", "at"),
        **key("subject_key"),
        "subject": BODY,
        "body": BODY,
    },
    kept=Kept.DEAD_LETTER,
    on_erasure=OnErasure.OWN_COMMAND,
    dropped="at < %(before)s",
)
SET_ASIDE = Table(
    name="set_aside",
    what="What could not be worked on",
    why="An item that a role could not work on waits for a person, so that its neighbours go on.",
    columns={
        **plain("id", "role", "what", "reason", "attempts", "at", "taken_back_by_role", "again_at"),
        **key("item", "guest_id"),
    },
    kept=Kept.DEAD_LETTER,
    guests="guest_id = any(%(guests)s::uuid[])",
    on_erasure=OnErasure.DELETED,
    dropped="at < %(before)s",
)
PERSON_KNOWN = Table(
    name="person_known",
    what="Colleagues and programs with access",
    why="Each service checks a signed session, a role and a hotel by itself.",
    columns={
        **colleague("person_id", "name", "role", "properties", "language"),
        **plain("version", "sessions_ended", "grants", "expires_at"),
        "secret_hash": personal(PersonalKind.SECRET),
    },
    kept=Kept.ACCOUNT,
)
KEY_USE = Table(
    name="key_use",
    what="How often a program's key is used",
    why="A key makes so many requests a minute, and its last use is shown.",
    columns=plain("key_id", "minute", "requests", "used_at", "told_at"),
    kept=Kept.ACCOUNT,
)
API_REQUEST = Table(
    name="api_request",
    what="Requests of programs that are done once",
    why="A program that asks again is answered as the first time: a hash of the request, the number of what it made.",
    columns={**plain("caller", "key", "digest", "at"), **key("made")},
    kept=Kept.SESSION,
    dropped="at < %(before)s",
)
WEBHOOK_KNOWN = Table(
    name="webhook_known",
    what="Which events other systems want to hear of",
    why="Nothing is told outside that no webhook asks for.",
    columns=plain("webhook_id", "version", "types"),
    kept=Kept.INSTALLATION,
)
SESSION_ENDED = Table(
    name="session_ended",
    what="Sessions that were ended",
    why="A copy of an ended session's cookie opens nothing. Only its number is kept, until the cookie has expired.",
    columns={**colleague("session_id"), **plain("ends_at")},
    kept=Kept.SESSION,
    dropped="ends_at < %(before)s",
)
ACCESS_HEARD = Table(
    name="access_heard",
    what="When access was last heard of",
    why="Pages close for people where ended access could not be heard of.",
    columns=plain("publisher", "version", "heard_at"),
    kept=Kept.INSTALLATION,
)
HOTEL_KNOWN = Table(
    name="hotel_known",
    what="Hotels",
    why="Pages name hotels and their hours.",
    columns=plain("code", "version", "name", "zone", "country"),
    kept=Kept.INSTALLATION,
)
RELAY_PARTITIONS = Table(
    name="relay_partitions",
    what="Partitions of published events",
    why="Relays that publish side by side go by one number.",
    columns=plain("is_only", "partitions", "agreed_at"),
    kept=Kept.INSTALLATION,
)
SCHEMA_MIGRATION = Table(
    name="schema_migration",
    what="Migrations",
    why="Which changes of the schema were applied.",
    columns=plain("folder", "number", "name", "checksum", "applied_at"),
    kept=Kept.INSTALLATION,
)
CONTACT_SHOWN = Table(
    name="contact_shown",
    what="Whose contacts a colleague read within the hour",
    why="How many guests one colleague reads in full is limited.",
    columns={**colleague("person_id"), **key("subject_id"), **plain("shown_at")},
    kept=Kept.SESSION,
    guests="subject_id = any(%(guests)s::uuid[])",
    on_erasure=OnErasure.DELETED,
    dropped="shown_at < %(before)s",
)
CONTACT_LIMIT_MET = Table(
    name="contact_limit_met",
    what="Colleagues who met that limit",
    why="The audit trail tells of it once an hour.",
    columns={**colleague("person_id"), **plain("met_at")},
    kept=Kept.SESSION,
    dropped="met_at < %(before)s",
)
RETENTION = tuple(
    Table(name=name, what=what, why=why, columns=plain(*columns.split()), kept=Kept.INSTALLATION)
    for name, what, why, columns in (
        ("retention_term", "Terms", "How long what is kept, as the hotel set it.", "kept country version days months"),
        ("retention_begun", "Begin of the terms", "From which night on what is over is dropped.", "single first_night"),
        (
            "retention_run",
            "Nightly runs",
            "What was dropped in which night, in numbers.",
            "night subject kept place dropped began_at ended_at",
        ),
        (
            "retention_count",
            "What the next night drops",
            "What will be dropped is shown before.",
            "subject kept night due counted_at",
        ),
    )
)
EVERY_SERVICE = (
    *(OUTBOX, INBOX, MAILBOX, DEAD_LETTER, SET_ASIDE),
    *(PERSON_KNOWN, KEY_USE, API_REQUEST, WEBHOOK_KNOWN, SESSION_ENDED, ACCESS_HEARD, HOTEL_KNOWN),
    *(CONTACT_SHOWN, CONTACT_LIMIT_MET),
    RELAY_PARTITIONS,
    SCHEMA_MIGRATION,
    *RETENTION,
)
