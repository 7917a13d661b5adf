"""What rehearsals keep, for a while."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, of_installation, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

REHEARSALS = (
    of_installation(
        "rehearsal",
        "Rehearsals",
        "What journeys would do in the days to come, as a colleague asked to see it.",
        {
            **plain(
                "id",
                "number",
                "journey",
                "days",
                "at",
                "until",
                "as_booked",
                "is_replay",
                "asked_at",
                "launches",
                "state",
                "problem",
                "reached_at",
                "changes_of",
            ),
            **plain("changes_here", "lines_of", "lines_here", "ended_at", "changed_at"),
            **colleague("asked_by"),
        },
    ),
    Table(
        name="rehearsal_change",
        what="Rehearsed changes of segments",
        why="Who would enter or leave a segment by time alone; kept while the rehearsal runs.",
        columns={
            **key("guest_id"),
            **plain("rehearsal_id", "number", "version", "initial"),
            **dict.fromkeys(("segment", "entered", "at", "because"), personal(PersonalKind.CONDUCT)),
            "stay": personal(PersonalKind.STAY),
            "zone": personal(PersonalKind.PROFILE),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="rehearsal_line",
        what="Rehearsed messages",
        why="Which messages journeys would send to whom; the last rehearsal's only, for thirty days. Nothing of it "
        "has happened.",
        columns={
            **key("guest_id", "message_id", "stay_id"),
            **plain("rehearsal_id", "number", "template", "purpose", "parts", "day", "hour", "cost", "currency"),
            **dict.fromkeys(("at", "journey", "step", "occurrence", "property"), personal(PersonalKind.MESSAGE)),
            **dict.fromkeys(("state", "reason", "held_until", "channel"), personal(PersonalKind.MESSAGE)),
            **dict.fromkeys(("zone", "language"), personal(PersonalKind.PROFILE)),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    of_installation(
        "rehearsal_sum",
        "Sums of rehearsals",
        "How many messages a rehearsal saw on which day: sums, without a person.",
        {
            **plain("rehearsal_id", "day", "hour", "journey", "step", "template", "channel", "language", "state"),
            **plain("reason", "property", "seen_by", "messages", "parts", "cost", "currency", "unpriced"),
        },
    ),
    of_installation(
        "rehearsal_verdict",
        "Verdicts of rehearsals",
        "How many guests each verdict is about: sums, without a person.",
        {
            **plain("rehearsal_id", "waits", "journey", "state", "reason", "channel", "property", "seen_by"),
            **plain("messages", "guests", "parts"),
        },
    ),
    of_installation(
        "rehearsal_pace",
        "Usual pace in rehearsals",
        "How many stays a hotel is used to be booked for in so many days.",
        plain("rehearsal_id", "property", "basis", "stays"),
    ),
    of_installation(
        "rehearsal_expected",
        "Messages at the usual pace",
        "How many messages stays that nobody has booked yet would bring: an estimate, of no guest.",
        plain("rehearsal_id", "day", "journey", "channel", "property", "messages", "cost", "currency"),
    ),
)
