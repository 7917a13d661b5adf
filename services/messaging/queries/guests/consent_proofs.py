"""Every statement about consent with its proof, for who has to show it; opened, and by whom by role only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shared.access.audit import THE_GUEST
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

COLUMNS = ("guest", "channel", "purpose", "state", "said_at", "recorded_at", "expires_on", "source", "reference",
           "where", "wording", "recorded_by")  # fmt: skip
SOURCE = COLUMNS.index("source")
AT_ONCE = 2_000
NAMES_NOBODY = ("import", "merge")  # sources whose reference is a reservation; elsewhere it may be a colleague's name


def consent_proofs(tx: Tx) -> Iterator[tuple[Any, ...]]:
    """In the order in which they were written down, in `COLUMNS`."""
    with tx.connection.cursor(name="consent_proofs") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(STATEMENTS)
        for row in cursor:
            *said, reference, sealed = row
            proof = json.loads(tx.keyring.open(Sealed(sealed), Sealing.PROOF)) if sealed else {}
            shown = reference if said[SOURCE] in NAMES_NOBODY else ""
            yield (*said, shown, proof.get("place", ""), proof.get("words", ""), _by(proof))


def _by(proof: dict[str, Any]) -> str:
    """A colleague's name stays here: their role, where it was written down."""
    if not proof:
        return ""
    return str(proof.get("role") or ("the guest" if proof.get("by") == THE_GUEST else "a colleague"))


STATEMENTS = """
    select guest_id, channel, purpose, state, said_at, recorded_at, expires_on, source, source_ref, proof_sealed
    from consent_ledger order by id
"""
