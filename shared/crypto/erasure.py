"""What is remembered of the erased: keyed hashes, by which an import or a restored backup knows them again.

The keys rest outside database and backups. They are succeeded, not turned: a hash cannot be made anew once its value is
gone, so the newest key makes new hashes and all of them are asked.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from shared.crypto.purposes import Hashing
from shared.errors import SettingError


class ErasureKeys:
    """HMAC-SHA-256 under each key, by the key's name, the newest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)

    def hashes(self, kind: str, *values: str) -> list[str]:
        """One hash a key, the newest first: the first is the one to keep, all are the ones to look for.

        `values`: what is hashed together, such as a legal entity and an address. `<key name>:<64 hex digits>` each.
        Raises `SettingError` where this process was given no erasure keys.
        """
        if not self._keys:
            raise SettingError(f"GUESTLOOP_ERASURE_KEYS: there is no key «{Hashing.ERASURE}.1» in it")
        text = "".join(f"{len(part)}:{part}" for part in (kind, *values)).encode()
        return [f"{name}:{hmac.digest(key, text, 'sha256').hex()}" for name, key in self._keys.items()]
