"""What surveys ask, and what guests gave to it beside the score."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

OF_RESPONSE = f"message_id in (select message_id from survey_response where {OF_GUEST})"
FIGURE = "Numbers and choices stay as a figure of the hotel: the number of an erased guest stands for nobody."

SURVEYS = (
    Table(
        name="survey_picture",
        what="Pictures sent with surveys",
        why="What a guest shows us, to be seen behind the sign-in. It is kept no longer than what guests send in.",
        columns={
            **key("picture_id", "message_id"),
            **plain("field", "content_type"),
            "content_sealed": personal(PersonalKind.WORDS, sealed=Sealing.WORDS),
            "at": personal(PersonalKind.WORDS, "Received on"),
        },
        kept=Kept.INBOUND,
        guests=OF_RESPONSE,
        on_erasure=OnErasure.DELETED,
        dropped="at < %(before)s",
    ),
    Table(
        name="survey_value",
        what="What was answered in surveys",
        why=f"What a guest thought of a stay, question by question. {FIGURE}",
        columns={
            **key("message_id"),
            **plain("kind", "property", "day"),
            "field": personal(PersonalKind.WORDS, "Question"),
            "number": personal(PersonalKind.WORDS, "Number"),
            "choices": personal(PersonalKind.WORDS, "Chosen"),
            "words_sealed": personal(PersonalKind.WORDS, "In words", blank="null", sealed=Sealing.WORDS),
            "at": personal(PersonalKind.WORDS, "On"),
        },
        kept=Kept.GUEST,
        guests=OF_RESPONSE,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="survey_response",
        what="Surveys that were begun",
        why="How far a guest came with a survey, and which version of it they answer.",
        columns={
            **key("message_id", "guest_id"),
            **key("stay_id", blank="null"),
            "property": personal(PersonalKind.WORDS, "Hotel"),
            **plain("place", "number", "page"),
            "started_at": personal(PersonalKind.WORDS, "Begun on"),
            "submitted_at": personal(PersonalKind.WORDS, "Sent on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="questionnaire",
        what="Questions of surveys",
        why="What surveys ask, in the versions that were published.",
        columns={**plain("place", "number", "document", "published_at"), **colleague("published_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="questionnaire_draft",
        what="Drafts of surveys",
        why="What surveys will ask once it is published.",
        columns={**plain("place", "version", "document", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
)
