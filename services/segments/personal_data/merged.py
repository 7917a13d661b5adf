"""What a merge writes down, so that it can be taken apart."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

MERGED = (
    Table(
        name="merged_part",
        what="Merged guests as they stood alone",
        why="A merge can be taken apart at any time: each guest has again what was theirs. Whoever is erased is erased "
        "with all who were merged with them.",
        columns={
            **key("guest_id", "root_id"),
            **plain("recorded_at"),
            "state": personal(PersonalKind.PROFILE),
            "preference_sealed": personal(PersonalKind.PROFILE, sealed=Sealing.NOTE),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="merged_row",
        what="Reservations since a merge",
        why="Should a merge be taken apart, the rows that came since tell whose each stay is.",
        columns={
            **plain("id"),
            **key("guest_id", "stay_id"),
            "row_sealed": personal(PersonalKind.STAY, sealed=Sealing.ROW),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_merge",
        what="Merges",
        why="Who was merged into whom, by whom, and whether it was taken back.",
        columns={
            **plain("id"),
            **key("guest_id", "into_id"),
            "at": personal(PersonalKind.PROFILE, "Merged on"),
            "undone_at": personal(PersonalKind.PROFILE, "Taken back on"),
            **colleague("by_whom", "undone_by"),
        },
        kept=Kept.GUEST,
        guests="guest_id = any(%(guests)s::uuid[]) or into_id = any(%(guests)s::uuid[])",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="duplicate_search",
        what="The search for duplicates",
        why="When the whole base was searched, and how many pairs were found.",
        columns={
            **plain("single", "next_at", "phase", "started_at", "ended_at", "keys", "pairs", "filed", "crowded"),
            **key("after"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="duplicate_key",
        what="What guests have in common, while duplicates are looked for",
        why="Guests who may be the same person are found by hashes of their names and birth dates; the table is "
        "emptied at the end of the search.",
        columns={**key("key", "guest_id"), **plain("narrow")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="duplicate_pair",
        what="Pairs to be compared, while duplicates are looked for",
        why="The pairs that a search compares; the table is emptied at its end.",
        columns={**key("guest_id", "other_id"), **plain("same_email", "same_phone", "births")},
        kept=Kept.GUEST,
        guests="guest_id = any(%(guests)s::uuid[]) or other_id = any(%(guests)s::uuid[])",
        on_erasure=OnErasure.DELETED,
    ),
)
