"""The words of one message as it was sent, and how they rest: squeezed (`squeezed.py`) and sealed; all of them, or
what is the guest's own in a copy of a sheet, which is kept once for all (`wording/sheets.py`)."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from services.messaging.store.sending.own_links import OwnLinks
from services.messaging.store.sending.squeezed import is_squeezed, needs_sheet, spread, squeezed
from services.messaging.wording.sheets import Copy, Sheet
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.crypto.signing import LinkSigner
from shared.errors import GuestloopError

DEFLATED, PRINTED = b"deflated:", b"printed:"  # what earlier versions sealed, kept for its term


@dataclass(frozen=True, slots=True)
class SentWords:
    """`page`: the HTML of a mail; `targets`: by the number of a tracked link, where it leads, if values of this guest
    stand in it; `copy`: text and page as a copy of their sheet, where they are one."""

    from_name: str
    subject: str
    text: str
    page: str | None
    targets: Mapping[int, str] = field(default_factory=dict, hash=False)
    copy: Copy | None = field(default=None, compare=False, repr=False)

    def sealed(self, keyring: KeyRing, own: OwnLinks | None = None) -> Sealed:
        """All of them."""
        plain = orjson.dumps(self._head | {"text": self.text, "page": self.page})
        return keyring.seal_bytes(squeezed(plain, own=own), Sealing.MESSAGE_TEXT)

    def sealed_apart(self, keyring: KeyRing, own: OwnLinks | None = None) -> tuple[Sealed, Sheet | None]:
        """What is the guest's own, and the sheet it stands in; all of them, and None, where they are no copy. `own`:
        the links that are signed again when they are read."""
        if self.copy is None:
            return self.sealed(keyring, own), None
        words = [own.text if own.text == own.page else [own.text, own.page] for own in self.copy.in_order]
        plain = orjson.dumps(self._head | {"words": words})
        known = None if self.targets else self.copy.sheet.beforehand  # where links lead is read without the sheet
        return keyring.seal_bytes(squeezed(plain, known, own), Sealing.MESSAGE_TEXT), self.copy.sheet

    @property
    def _head(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"from": self.from_name, "subject": self.subject}
        if self.targets:
            parts["targets"] = {str(number): target for number, target in self.targets.items()}
        return parts

    @classmethod
    def opened(
        cls, keyring: KeyRing, sealed: str, sheet: bytes | None = None, message_id: UUID | None = None
    ) -> SentWords:
        """`sheet`: as it rests, where what was sealed is a copy; `message_id`: whose links are signed again. What was
        sealed before texts were deflated opens."""
        printed = Sheet.unpacked(sheet) if sheet is not None else None
        links = OwnLinks(LinkSigner.of(keyring), message_id) if message_id is not None else None
        parts, targets = _parts(keyring, sealed, printed, links)
        if "words" not in parts:
            return cls(parts["from"], parts["subject"], parts["text"], parts["page"], targets)
        if printed is None:
            raise LostSheet()
        own = ([one, one] if isinstance(one, str) else one for one in parts["words"])
        copy = Copy.ordered(printed, own)
        return cls(parts["from"], parts["subject"], copy.text, copy.page, targets, copy)


class LostSheet(GuestloopError):
    """What is equal in all mails of this kind is no longer kept, so that this one cannot be read: restore a backup."""


def targets_of(keyring: KeyRing, sealed: str) -> Mapping[int, str]:
    """Where the tracked links of a message lead, if values of its guest stand in them."""
    return _parts(keyring, sealed)[1]


def _parts(
    keyring: KeyRing, sealed: str, sheet: Sheet | None = None, own: OwnLinks | None = None
) -> tuple[dict[str, Any], dict[int, str]]:
    plain = keyring.open_bytes(Sealed(sealed), Sealing.MESSAGE_TEXT)
    if is_squeezed(plain):
        if needs_sheet(plain) and sheet is None:
            raise LostSheet()
        plain = spread(plain, sheet.beforehand if sheet else None, own)
    elif plain.startswith(DEFLATED):
        plain = zlib.decompress(base64.b64decode(plain.removeprefix(DEFLATED)))
    parts: dict[str, Any] = orjson.loads(plain.removeprefix(PRINTED))
    return parts, {int(number): target for number, target in parts.get("targets", {}).items()}
