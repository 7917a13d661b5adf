"""The files made for guests, and their parts."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

FILES = (
    Table(
        name="guest_file_part",
        what="Parts of guests' files",
        why="What each service holds of a guest, packed and sealed, until the file's week is over.",
        columns={
            **key("file_id"),
            **plain("service", "place", "pieces"),
            "body_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.GUEST_FILE),
        },
        kept=Kept.GUEST_FILE,
        guests="file_id in (select file_id from guest_file where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_file",
        what="Files made of all that is held",
        why="Who asked for a guest's file, how far it is, and how often it was downloaded.",
        columns={
            **key("file_id", "guest_id"),
            **plain("services", "ready_at"),
            "requested_at": personal(PersonalKind.CONDUCT, "Asked for"),
            **colleague("requested_by"),
            "expires_at": personal(PersonalKind.CONDUCT, "Until"),
            "downloads": personal(PersonalKind.CONDUCT, "Downloads"),
        },
        kept=Kept.GUEST_FILE,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
        dropped="requested_at < %(before)s",
    ),
)
