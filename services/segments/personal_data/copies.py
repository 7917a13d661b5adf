"""What segments keeps of what other services publish."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

COPIES = (
    Table(
        name="consent_known",
        what="Consents as they stand",
        why="Rules ask whether a guest may be written to.",
        columns={
            **key("guest_id"),
            **plain("channel", "purpose", "version", "changed_at"),
            "state": personal(PersonalKind.CONSENT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="message_known",
        what="Messages",
        why="A guest's page shows what was sent, and rules ask for it.",
        columns={
            **key("message_id", "guest_id"),
            **plain("version", "journey", "purpose", "channel", "occurred_at"),
            **dict.fromkeys(
                (
                    *("state", "delivered_at", "delivered_on", "bounced_at", "bounced_on", "complained_at"),
                    *("complained_on", "sent_on", "clicked_at", "clicked_on"),
                ),
                personal(PersonalKind.MESSAGE),
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="answer_known",
        what="Survey scores",
        why="The desk sees a guest's last score, and feedback learns in which segments the guest was then.",
        columns={
            **key("answer_id", "guest_id", "stay_id"),
            **plain("version", "property", "answered_at", "answered_on", "void"),
            "score": personal(PersonalKind.WORDS),
            "segments": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="answer_topics",
        what="What answers speak of",
        why="Rules ask what a guest praised and criticised in the last answer.",
        columns={
            **key("answer_id", "guest_id"),
            **plain("version"),
            "praised": personal(PersonalKind.WORDS),
            "criticised": personal(PersonalKind.WORDS),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="offer_known",
        what="Offers",
        why="Rules ask which offers a guest was given and used, and by which they brought a friend.",
        columns={
            **key("guest_id"),
            **plain("happened_at"),
            "offer": personal(PersonalKind.CONDUCT),
            "what": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="journey_entered",
        what="Journeys entered",
        why="Rules ask which journeys a guest entered, and when last.",
        columns={
            **key("enrolment_id", "guest_id", "stay_id"),
            **plain("version", "entered_on"),
            "journey": personal(PersonalKind.CONDUCT),
            "entered_at": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="case_known",
        what="Cases",
        why="Whoever complains is left alone until the case is closed.",
        columns={
            **key("case_id", "guest_id", "stay_id"),
            **plain("version", "property", "open", "occurred_at", "occurred_on", "opened_on"),
            "kind": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
