"""Sign-up forms, and what guests sent by them."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.sign_up import SignUpState

SIGN_UPS = (
    Table(
        name="sign_up",
        what="Sign-ups",
        why="What a guest sent by a sign-up form: what they typed is kept until it is taken over or decided about.",
        columns={
            **key("id", "guest_id", "points"),
            **plain("form_version", "differs"),
            "form": personal(PersonalKind.CONSENT, "Form"),
            "property": personal(PersonalKind.CONSENT, "Hotel"),
            "page": personal(PersonalKind.CONSENT, "Where"),
            "language": personal(PersonalKind.PROFILE, "Language"),
            "boxes": personal(PersonalKind.CONSENT, "Ticked"),
            "given_name": personal(PersonalKind.NAME, "Given name"),
            "family_name": personal(PersonalKind.NAME, "Family name"),
            "birth_date": personal(PersonalKind.BIRTH_DATE, "Birth date"),
            "email_sealed": personal(PersonalKind.CONTACT, "E-mail address", sealed=Sealing.CONTACT),
            "phone_sealed": personal(PersonalKind.CONTACT, "Phone number", sealed=Sealing.CONTACT),
            "network": personal(PersonalKind.CONSENT, "From the network"),
            "said_at": personal(PersonalKind.CONSENT, "Sent on"),
            "state": personal(PersonalKind.CONSENT, "What became of it", words=SignUpState),
            **colleague("settled_by"),
            "settled_at": personal(PersonalKind.CONSENT, "Decided on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="kiosk",
        what="Kiosks",
        why="Which device at a desk guests may look through their data at, and whose turn it is for these minutes; it "
        "closes where that guest is erased.",
        columns={
            **plain("id", "property", "wrong_pins", "wrong_names", "paused_until", "started_at", "ends_at", "ended_at"),
            **key("turn", "guest_id", "session_id"),
            "seen_at": personal(PersonalKind.CONDUCT),
            "secret_hash": personal(PersonalKind.SECRET),
            **colleague("person_id", "started_by"),
            **colleague("pin_sealed", sealed=Sealing.NOTE),
        },
        kept=Kept.SESSION,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
        dropped="ends_at < %(before)s",
    ),
    Table(
        name="sign_up_rate",
        what="How often forms are sent",
        why="A form is sent so often in ten minutes, from one network and in all; of a network its first part is kept.",
        columns={**plain("form", "since", "sent"), **key("network")},
        kept=Kept.SESSION,
        dropped="since < %(before)s",
    ),
    Table(
        name="sign_up_form",
        what="Sign-up forms",
        why="Where guests may sign up, and whether they may now.",
        columns=plain("code", "name", "property", "version", "state", "changed_at"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="sign_up_wording",
        what="Wording of sign-up forms",
        why="Every version of a form's words, as consents cite them.",
        columns={**plain("form", "version", "document", "made_at"), **colleague("made_by")},
        kept=Kept.INSTALLATION,
    ),
)
