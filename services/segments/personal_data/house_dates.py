"""Dates of the house's own: what they are, and guests' days of them."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

HOUSE_DATES = (
    Table(
        name="house_date",
        what="Dates of the house's own",
        why="What beside birthday and stays is to be known of guests, such as a wedding day.",
        columns={
            **plain("key", "name", "yearly", "lunar", "property", "made_at", "retired_at"),
            **colleague("made_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="guest_date",
        what="Guests' days of the house's own dates",
        why="A wedding day, the end of a membership: what the house wants to know of its guests, for greetings and "
        "offers at the right time.",
        columns={
            **key("guest_id", "date_key"),
            **plain("md", "lunar_md", "by_hand"),
            "on_date": personal(PersonalKind.PROFILE),
            "said_at": personal(PersonalKind.PROFILE),
            **colleague("said_by"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
