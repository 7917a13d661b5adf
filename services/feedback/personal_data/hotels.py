"""What feedback keeps of hotels."""

from __future__ import annotations

from shared.personal_data.columns import of_installation, plain

HOTELS = (
    of_installation(
        "property_known",
        "Hotels",
        "Whose survey it is.",
        plain(
            *("code", "version", "name", "zone", "survey_threshold", "legal_entity", "postal_address", "contact"),
            *("names", "colour", "logo"),
        ),
    ),
    of_installation(
        "mailbox_position",
        "How far mailboxes were read",
        "Each mail of a mailbox is fetched once.",
        plain("mailbox", "uidvalidity", "uid"),
    ),
    of_installation(
        "voice_tally",
        "Scores by day",
        "What scores come to: sums, without a person.",
        plain("id", "property", "span", "day", "language", "promoters", "passives", "detractors"),
    ),
    of_installation(
        "score_tally",
        "Answers by day and part",
        "What answers come to by room type, by segment and question by question: sums, without a person.",
        plain("id", "property", "figure", "part", "day", "number", "answers"),
    ),
)
