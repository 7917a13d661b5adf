"""Tables of messaging about the hotel's own people: what they are written."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, plain
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept

COLLEAGUES = (
    Table(
        name="notice",
        what="Notices to colleagues",
        why="Each is sent once. Address, link, details and body go as soon as it is settled; its words are never kept.",
        columns={
            **plain("notice_id", "version", "kind", "channel", "language", "page", "state", "reason", "requested_at"),
            **plain("useful_until", "next_at", "attempts", "claim_token", "claimed_at", "lease_until", "unclear_since"),
            **plain("provider_ref", "settled_at"),
            **colleague("link_id"),
            **colleague("address_sealed", "details_sealed", "body_sealed", sealed=Sealing.NOTICE),
        },
        kept=Kept.SESSION,
        dropped="settled_at < %(before)s",
    ),
    Table(
        name="notice_channel",
        what="Channels of notices",
        why="Whether notices really leave, as it was published last.",
        columns=plain("channel", "version", "is_real"),
        kept=Kept.INSTALLATION,
    ),
)
