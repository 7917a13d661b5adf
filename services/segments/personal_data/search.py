"""By what a guest is found."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, key, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept

SEARCH = (
    Table(
        name="guest_search",
        what="By what a guest is found",
        why="Guests are found by parts of names, numbers and addresses. Each part is 32 bits of a hash; of numbers and "
        "addresses it is made with a key.",
        columns={**key("guest_id", "found_by"), **plain("point_key")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_search_due",
        what="Guests to be made findable",
        why="A moment after something of a guest changed, it is written anew by what they are found.",
        columns=key("guest_id"),
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_search_writer",
        what="When guests were last made findable",
        why="A search that finds nobody says whether the index is being written.",
        columns=plain("single", "looked_at"),
        kept=Kept.INSTALLATION,
    ),
)
"""These come after the guests: what blanks a stay notes that its guest changed."""
