"""A service's part of a guest's file as it travels and rests: packed, in sealed pieces that fit a message each.

A guest with 2,000 messages comes to some megabytes of text, and packed to a tenth of that.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.personal_data.guest_file.held import Held

PIECE = 192 * 1024  # characters, before sealing


def sealed_pieces(keyring: KeyRing, tables: Sequence[Held]) -> list[Sealed]:
    """At least one, so that a service that holds nothing says so."""
    packed = zlib.compress(json.dumps([asdict(table) for table in tables], ensure_ascii=False).encode(), 6)
    text = base64.b64encode(packed).decode()
    return [
        keyring.seal(text[start : start + PIECE], Sealing.GUEST_FILE) for start in range(0, max(len(text), 1), PIECE)
    ]


def opened_tables(keyring: KeyRing, pieces: Sequence[Sealed]) -> list[Held]:
    """The tables of all the pieces of one service, in their order."""
    packed = base64.b64decode("".join(keyring.open(piece, Sealing.GUEST_FILE) for piece in pieces))
    return [Held(**table) for table in json.loads(zlib.decompress(packed))]
