"""The words of one message as it was sent, and how they rest: deflated and sealed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed

DEFLATED = "deflated:"
SMALL = (13, 6)  # a window and a memory as large as a message: zlib's own take longer to clear than the text to squeeze


@dataclass(frozen=True, slots=True)
class SentWords:
    """`page`: the HTML of a mail; `targets`: by the number of a tracked link, where it leads, if values of this guest
    stand in it."""

    from_name: str
    subject: str
    text: str
    page: str | None
    targets: Mapping[int, str] = field(default_factory=dict, hash=False)

    def sealed(self, keyring: KeyRing) -> Sealed:
        parts: dict[str, Any] = {"from": self.from_name, "subject": self.subject, "text": self.text, "page": self.page}
        if self.targets:
            parts["targets"] = {str(number): target for number, target in self.targets.items()}
        squeeze = zlib.compressobj(1, zlib.DEFLATED, *SMALL)
        deflated = base64.b64encode(squeeze.compress(orjson.dumps(parts)) + squeeze.flush()).decode()
        return keyring.seal(DEFLATED + deflated, Sealing.MESSAGE_TEXT)

    @classmethod
    def opened(cls, keyring: KeyRing, sealed: str) -> SentWords:
        """What was sealed before texts were deflated opens too."""
        plain = keyring.open(Sealed(sealed), Sealing.MESSAGE_TEXT)
        if plain.startswith(DEFLATED):
            plain = zlib.decompress(base64.b64decode(plain.removeprefix(DEFLATED))).decode()
        parts = orjson.loads(plain)
        targets = {int(number): target for number, target in parts.get("targets", {}).items()}
        return cls(parts["from"], parts["subject"], parts["text"], parts["page"], targets)
