"""What guests say, understood by topic; their reviews; what a hotel does about a topic."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

OF_TEXTS = """text_id in (
    select reply_id from reply where guest_id = any(%(guests)s::uuid[])
    union all select answer_id from survey_answer where guest_id = any(%(guests)s::uuid[])
    union all select review_id from review where guest_id = any(%(guests)s::uuid[])
)"""
FIGURE = "It stays as a figure of the hotel; the words themselves go."
_WORDS = personal(PersonalKind.WORDS, "Review", blank="null", sealed=Sealing.WORDS)

HEARD = (
    Table(
        name="review",
        what="Reviews of booking sites",
        why="What is written of the hotel elsewhere; the guest is known where a reservation number came with it.",
        columns={
            **key("review_id", "content_id", "guest_id"),
            **key("stay_id", blank="null"),
            **plain("received_at"),
            "ref": personal(PersonalKind.KEY, blank="review_id::text"),
            "property": personal(PersonalKind.WORDS, "Hotel"),
            "source": personal(PersonalKind.WORDS, "Booking site"),
            "said_on": personal(PersonalKind.WORDS, "On"),
            "rating_given": personal(PersonalKind.WORDS, "Rating"),
            **dict.fromkeys(("rating", "rating_scale"), personal(PersonalKind.WORDS)),
            "title_sealed": personal(PersonalKind.WORDS, "Title", blank="null", sealed=Sealing.WORDS),
            **dict.fromkeys(("liked_sealed", "disliked_sealed", "text_sealed"), _WORDS),
            **colleague("entered_by"),
        },
        kept=Kept.INBOUND,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
        dropped="received_at < %(before)s",
    ),
    Table(
        name="heard_text",
        what="Texts as they were understood",
        why=f"In which language a guest wrote, and whether it is a complaint. {FIGURE}",
        columns={
            **key("text_id"),
            **plain("kind", "property", "day", "said_at"),
            **dict.fromkeys(("language", "is_complaint"), personal(PersonalKind.WORDS)),
            **colleague("corrected_by"),
            **plain("corrected_at", "taught_by", "version"),
        },
        kept=Kept.GUEST,
        guests=OF_TEXTS,
    ),
    Table(
        name="heard_topic",
        what="What guests speak of",
        why=f"Of what a guest wrote, and how they feel about it. {FIGURE}",
        columns={
            **key("text_id"),
            **dict.fromkeys(("topic", "feeling", "said_at"), personal(PersonalKind.WORDS)),
            **plain("kind", "property", "day"),
        },
        kept=Kept.GUEST,
        guests=OF_TEXTS,
    ),
    Table(
        name="heard_correction",
        what="Corrected topics",
        why=f"Who found that a text speaks of something else, or feels otherwise. {FIGURE}",
        columns={
            **key("correction_id", "text_id"),
            **dict.fromkeys(("before", "after"), personal(PersonalKind.WORDS)),
            **colleague("by_name"),
            "at": personal(PersonalKind.WORDS),
        },
        kept=Kept.GUEST,
        guests=OF_TEXTS,
    ),
)
LESSONS = Table(
    name="heard_lesson",
    what="What corrections teach",
    why="The words of a corrected text, so that the same ones are read so the next time. They go with their guest.",
    columns={
        **key("lesson_id", "text_id"),
        **plain("property", "is_whole", "at", "taken_back_at"),
        "words_sealed": personal(PersonalKind.WORDS, "In words", sealed=Sealing.WORDS),
        "feelings": personal(PersonalKind.WORDS),
        **colleague("by_name", "taken_back_by"),
    },
    kept=Kept.GUEST,
    guests=OF_TEXTS,
    on_erasure=OnErasure.DELETED,
)
ABOUT_HOTELS = (
    Table(
        name="topic_tally",
        what="Topics by day",
        why="How often guests speak of what: sums, without a person.",
        columns=plain("id", "property", "day", "kind", "topic", "feeling", "texts"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="review_link",
        what="Where guests may tell others",
        why="Sites that a hotel names to everybody who has answered.",
        columns=plain("property", "place", "name", "url"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="improvement",
        what="Improvements",
        why="What a hotel does about a topic, and who sees to it.",
        columns={
            **plain("improvement_id", "version", "property", "title", "topic", "department"),
            **plain("started_on", "done_on", "made_at"),
            **colleague("owner_id", "made_by"),
        },
        kept=Kept.INSTALLATION,
    ),
)
