"""The proof of a consent: where, in which words and by whom it was given, sealed."""

from __future__ import annotations

import json
from typing import Any

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


def proof_of(tx: Tx, *, place: str, words: str, by: str, role: str | None = None) -> Sealed:
    """`role` is a colleague's: it may be shown where their name may not."""
    by_role = {} if role is None else {"role": role}
    return _sealed(tx, {"place": place, "words": words, "by": by, **by_role})


def with_more(tx: Tx, proof: Sealed, **more: str) -> Sealed:
    """The same proof, and what came later."""
    return _sealed(tx, {**json.loads(tx.keyring.open(proof, Sealing.PROOF)), **more})


def _sealed(tx: Tx, proof: dict[str, Any]) -> Sealed:
    return tx.keyring.seal(json.dumps(proof, ensure_ascii=False), Sealing.PROOF)
