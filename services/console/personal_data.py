"""What console keeps of people: colleagues and their doings, and which guests were erased."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.every_service import EVERY_SERVICE
from shared.vocabulary.personal_data import Kept, PersonalKind

SIGNING_IN = (
    Table(
        name="session",
        what="Sessions of colleagues",
        why="People see where they are signed in and end it; networks are kept without the machine's part.",
        columns={
            **plain("session_id", "ends_at", "ended_at"),
            **colleague("person_id", "begun_at", "seen_at", "signed_in_by", "device", "network", "device_id"),
        },
        kept=Kept.SESSION,
        dropped="ends_at < %(before)s",
    ),
    Table(
        name="known_device",
        what="Devices on which a colleague has signed in",
        why="Whoever guesses passwords elsewhere does not lock them out there.",
        columns=colleague("device_id", "person_id", "seen_at"),
        kept=Kept.SESSION,
        dropped="seen_at < %(before)s",
    ),
    Table(
        name="authenticator",
        what="Authenticator apps",
        why="The second factor: the secret that an app and Guestloop share, sealed.",
        columns={
            **colleague("person_id"),
            "secret": personal(PersonalKind.SECRET, sealed=Sealing.SECRET),
            **plain("confirmed_at", "last_step", "made_at"),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="recovery_code",
        what="Recovery codes",
        why="They stand in for an authenticator that was lost, each once.",
        columns={**colleague("person_id"), "code_hash": personal(PersonalKind.SECRET), **plain("used_at")},
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="passkey",
        what="Passkeys",
        why="The public half of a key that a colleague's device holds.",
        columns={
            **colleague("credential_id", "person_id", "name", "used_at"),
            **plain("public_key", "sign_count", "made_at"),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="passkey_challenge",
        what="Questions to passkeys",
        why="Each is answered once, within minutes.",
        columns={**colleague("person_id"), **plain("challenge_id", "challenge", "expires_at")},
        kept=Kept.SESSION,
        dropped="expires_at < %(before)s",
    ),
    Table(
        name="team_rule",
        what="What the house asks of its team",
        why="Whether administrators need a second factor.",
        columns=plain("only_one", "second_factor_for_administrators"),
        kept=Kept.INSTALLATION,
    ),
)
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
            name="message_seen",
            what="Messages by day",
            why="Home counts messages by state. A message leads to a guest by messaging only.",
            columns={
                **key("message_id"),
                **plain("version", "journey", "purpose", "property", "state", "reason", "day", "sent_at"),
                **plain("channel"),
            },
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="stay_counted",
            what="Stays as they were counted",
            why="A stay that changes is taken out of the sums of its days and counted anew. An erased guest's stay "
            "stays as a figure of the hotel, without the guest.",
            columns={
                **key("stay_id"),
                **key("guest_id", blank="null"),
                **plain("version", "property", "channel", "market", "currency", "lead_days"),
                **dict.fromkeys(
                    ("booked_on", "arrival", "left_on", "status", "nights", "revenue"), personal(PersonalKind.STAY)
                ),
            },
            kept=Kept.GUEST,
            guests=OF_GUEST,
            on_erasure=OnErasure.BLANKED,
        ),
        Table(
            name="stay_day",
            what="Stays by day",
            why="How many stays, nights and what revenue, by day, hotel, channel and market: sums, without a person.",
            columns=plain(
                *("day", "property", "channel", "market", "currency", "bookings", "lead_days", "arrivals", "cancelled"),
                *("no_shows", "stays", "nights", "priced", "revenue"),
            ),
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="signal_seen",
            what="Complaints, answers and returned mail by day",
            why="Warnings count them. They lead to a guest by the service that has them only.",
            columns={**key("id"), **plain("kind", "version", "property", "day", "value")},
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="warning",
            what="Warnings",
            why="Which figure of a hotel left its usual course when, and who saw it: numbers, without a guest.",
            columns={
                **plain("id", "signal", "property", "began_on", "last_on", "ended_on", "value", "centre", "border"),
                **plain("part", "whole", "raised_at", "seen_at"),
                **colleague("seen_by"),
            },
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="warning_setting",
            what="Who is told of warnings",
            why="By role.",
            columns={**plain("single", "told", "changed_at"), **colleague("changed_by")},
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="warning_night",
            what="Warnings to come",
            why="When is judged next.",
            columns=plain("single", "next_at"),
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="channel_cost",
            what="What channels cost",
            why="Commission and costs by channel, from a day on, as the house enters them.",
            columns={
                **plain("property", "channel", "since", "commission", "a_stay", "a_night", "currency", "changed_at"),
                **colleague("changed_by"),
            },
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="figure_target",
            what="Targets",
            why="What the house wants of its key figures.",
            columns={**plain("figure", "target", "changed_at"), **colleague("changed_by")},
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="figure_setting",
            what="How figures are counted",
            why="Which channels are the house's own, and what a message costs.",
            columns={**plain("single", "direct", "prices", "currency", "changed_at"), **colleague("changed_by")},
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
            name="account",
            what="Colleagues",
            why="Who may sign in, and what they may see.",
            columns={
                **plain("version", "one_time_until", "sessions_ended", "changed_at"),
                **colleague("email", sealed=Sealing.ACCOUNT),
                **colleague("person_id", "email_index", "name", "role", "properties", "language"),
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
        Table(
            name="sign_in_attempt",
            what="Attempts to sign in",
            why="Whoever guesses passwords is slowed down; addresses are kept as blind indexes.",
            columns={**plain("kind", "attempts", "last_at"), **colleague("key")},
            kept=Kept.SESSION,
            dropped="last_at < %(before)s",
        ),
        *SIGNING_IN,
        Table(
            name="account_link",
            what="Links for a new password",
            why="Which links may still be used, and whether their mail arrived. What opens an account is not in it.",
            columns={
                **plain("link_id", "kind", "made_at", "expires_at"),
                **plain("notice_id", "notice_version", "notice_state", "notice_reason"),
                **colleague("person_id", "made_by"),
            },
            kept=Kept.SESSION,
            dropped="expires_at < %(before)s",
        ),
        Table(
            name="sender_known",
            what="Channels of notices",
            why="Whether a link can be sent by mail.",
            columns=plain("channel", "version", "is_real"),
            kept=Kept.INSTALLATION,
        ),
        Table(
            name="provider_identity",
            what="Accounts at an identity provider",
            why="As whom the house's own sign-in knows a colleague: a blind index.",
            columns={**plain("issuer", "linked_at"), **colleague("subject_index", "person_id")},
            kept=Kept.ACCOUNT,
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
        *EVERY_SERVICE,
    )
)
