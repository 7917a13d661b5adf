"""Offers, who was given which code, and where it was used."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

OFFERS = (
    Table(
        name="offer_taken",
        what="Codes of offers",
        why="A guest has one code an offer, the same in every message. Of an erased guest the code stays taken: it is "
        "nobody else's, and is honoured where somebody shows it.",
        columns={
            **key("guest_id", "message_id"),
            "offer": personal(PersonalKind.MESSAGE, "Offer"),
            "code": personal(PersonalKind.MESSAGE, "Code"),
            "property": personal(PersonalKind.MESSAGE, "Hotel"),
            "taken_at": personal(PersonalKind.MESSAGE, "Given on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="offer_redemption",
        what="Offers used",
        why="Which offer a guest used where, and what it was worth; or who brought a friend, of whom nothing is kept. "
        "It stays as a figure of the offer: an erased guest's leads to nobody.",
        columns={
            **plain("redemption_id", "use_number", "source", "recorded_at"),
            **key("guest_id", "stay_id", blank="null"),
            "offer": personal(PersonalKind.CONDUCT, "Offer"),
            "code": personal(PersonalKind.CONDUCT, "Code"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "redeemed_on": personal(PersonalKind.CONDUCT, "Used on"),
            "amount": personal(PersonalKind.CONDUCT, "Amount", money="coalesce(currency, '')"),
            **plain("currency"),
            **colleague("recorded_by"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="offer",
        what="Offers",
        why="What guests are offered, its terms and its days.",
        columns={
            **plain("key", "version", "state", "kind", "document", "changed_at", "live_at", "stopped_at"),
            **colleague("changed_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="offer_code",
        what="Codes",
        why="The codes of an offer, free or taken; whose one is stands beside, and goes with the guest.",
        columns=plain("code", "shown", "offer", "seq", "taken"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="offer_batch",
        what="Sets of codes",
        why="Codes that are made or read from a file; the file is forgotten once it is read.",
        columns={
            **plain("batch_id", "offer", "source", "wanted", "done", "added", "content", "file_name", "position"),
            **plain("ordered_at", "ended_at"),
            **colleague("ordered_by"),
        },
        kept=Kept.INSTALLATION,
    ),
)
