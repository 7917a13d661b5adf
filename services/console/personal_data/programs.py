"""Other systems: their keys, and what they are told."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

PROGRAMS = (
    Table(
        name="api_key",
        what="Keys of programs",
        why="Which programs may call, and who let them.",
        columns={
            **plain("key_id", "version", "name", "properties", "made_at", "ended_at", "grants", "expires_at"),
            **colleague("made_by"),
            "secret_hash": personal(PersonalKind.SECRET),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="api_key_use",
        what="When a program's key was last used",
        why="A key that nobody uses any more is seen and ended.",
        columns=plain("key_id", "service", "version", "used_at"),
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="webhook",
        what="Webhooks",
        why="Which other systems are told of events, and by which secret, sealed, they know us.",
        columns={
            **plain("webhook_id", "version", "url", "types", "properties", "made_at", "ended_at", "failures"),
            **plain("rests_until"),
            **colleague("made_by"),
            "secret_sealed": personal(PersonalKind.SECRET, sealed=Sealing.SECRET),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="webhook_message",
        what="Events told to other systems",
        why="Numbers, states and days of an event wait for the other system and show whether it was told.",
        columns={
            **plain("id", "webhook_id", "event_id", "type", "place", "told_at", "next_at", "attempts", "state"),
            **plain("last_status", "last_trouble", "last_at"),
            **key("subject", "guest_id"),
            "body": personal(PersonalKind.CONDUCT, "What was told"),
        },
        kept=Kept.PUBLISHED,
        guests=f"{OF_GUEST} and type not in ('guest.erased.v1', 'guest.merged.v1')",
        on_erasure=OnErasure.DELETED,
        dropped="told_at < %(before)s and state <> 'waiting'",
    ),
    Table(
        name="webhook_attempt",
        what="Attempts to tell other systems",
        why="When it was tried, and what the other system answered. They go with their message.",
        columns=plain("message_id", "at", "status", "trouble", "milliseconds"),
        kept=Kept.PUBLISHED,
    ),
)
