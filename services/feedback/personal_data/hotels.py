"""What feedback keeps of hotels."""

from __future__ import annotations

from shared.personal_data.columns import plain
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept

HOTELS = (
    Table(
        name="property_known",
        what="Hotels",
        why="Whose survey it is.",
        columns=plain(
            *("code", "version", "name", "zone", "survey_threshold", "legal_entity", "postal_address", "contact"),
            *("names", "colour", "logo"),
        ),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="mailbox_position",
        what="How far mailboxes were read",
        why="Each mail of a mailbox is fetched once.",
        columns=plain("mailbox", "uidvalidity", "uid"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="voice_tally",
        what="Scores by day",
        why="What scores come to: sums, without a person.",
        columns=plain("id", "property", "span", "day", "language", "promoters", "passives", "detractors"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="score_tally",
        what="Answers by day and part",
        why="What answers come to by room type, by segment and question by question: sums, without a person.",
        columns=plain("id", "property", "figure", "part", "day", "number", "answers"),
        kept=Kept.INSTALLATION,
    ),
)
