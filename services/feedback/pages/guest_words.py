"""What a guest wrote, as far as the reader may see it."""

from __future__ import annotations

from services.feedback.rules.redaction import redacted
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.web.access_control import me
from shared.web.site import here


def visible_words(sealed: str | None) -> str:
    """A guest's words: in full for readers who may see contacts, redacted for the others."""
    if not sealed:
        return ""
    text = here().database.keyring.open(Sealed(sealed), Sealing.WORDS)
    return text if me().may(May.SEE_CONTACTS) else redacted(text)
