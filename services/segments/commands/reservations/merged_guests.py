"""A row that comes for a guest made of several is kept: should they be taken apart, it tells whose its stay is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.segments.commands.reservations.prepared import ReadyRow
from services.segments.commands.reservations.row_codec import encode_row
from services.segments.store.duplicates.merged_rows import keep_rows, roots_among
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx


def keep_rows_of_merged(tx: Tx, taken: Sequence[tuple[ReadyRow, UUID, UUID]]) -> None:
    """`taken`: rows, each with its stay, or its own id where it is a list's, and its guest."""
    roots = roots_among(tx, {guest for *_, guest in taken})
    if roots:
        rows = [(guest, stay, prepared.row) for prepared, stay, guest in taken if guest in roots]
        keep_rows(
            tx, [(guest, stay, tx.keyring.seal(encode_row(row).decode(), Sealing.ROW)) for guest, stay, row in rows]
        )
