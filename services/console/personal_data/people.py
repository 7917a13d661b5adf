"""Colleagues: their accounts, and how they sign in."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, of_installation, personal, plain
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept, PersonalKind

COLLEAGUES = (
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
        name="provider_identity",
        what="Accounts at an identity provider",
        why="As whom the house's own sign-in knows a colleague: a blind index.",
        columns={**plain("issuer", "linked_at"), **colleague("subject_index", "person_id")},
        kept=Kept.ACCOUNT,
    ),
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
        name="sign_in_attempt",
        what="Attempts to sign in",
        why="Whoever guesses passwords is slowed down; addresses are kept as blind indexes.",
        columns={**plain("kind", "attempts", "last_at"), **colleague("key")},
        kept=Kept.SESSION,
        dropped="last_at < %(before)s",
    ),
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
        name="report_wish",
        what="Reports that colleagues want",
        why="Who gets which report by mail, and when the next one goes.",
        columns={
            **plain("kind", "property", "language", "with_pdf", "next_at", "changed_at"),
            **colleague("person_id", "changed_by"),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="report_due",
        what="Reports of a week or month",
        why="Each goes once to each colleague who wants it. The figures in it are kept nowhere.",
        columns={
            **plain("kind", "property", "first", "language", "with_pdf", "state", "reason", "next_at", "useful_until"),
            **plain("attempts", "token", "settled_at"),
            **colleague("person_id"),
        },
        kept=Kept.SESSION,
        dropped="settled_at < %(before)s",
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
    of_installation(
        "team_rule",
        "What the house asks of its team",
        "Whether administrators need a second factor.",
        plain("only_one", "second_factor_for_administrators"),
    ),
)
