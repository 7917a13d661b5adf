"""What a guest wrote, as far as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.feedback.rules.redaction import redacted, without_contacts
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.web.access_control import me
from shared.web.contacts import Contacts
from shared.web.site import here


@dataclass(frozen=True)
class Words:
    """Guests' words on one page: in full where it shows the guest's contacts, else without the addresses and numbers in
    them; in part for readers who may see none.
    """

    contacts: Contacts

    def __call__(self, sealed: str | None, subject: UUID) -> str:
        text = opened(sealed)
        return text if self.contacts.shows(subject) else for_reader(text)

    def hides(self, sealed: str | None, subject: UUID) -> bool:
        """Whether there is something that the reader may ask for."""
        return self.contacts.may and not self.contacts.shows(subject) and self(sealed, subject) != opened(sealed)


def for_reader(text: str) -> str:
    """Words on a page that shows nobody's contacts."""
    return without_contacts(text) if me().may(May.SEE_CONTACTS) else redacted(text)


def holds_contacts(sealed: str | None) -> bool:
    """Whether there is an address or a number in these words."""
    return without_contacts(opened(sealed)) != opened(sealed)


def opened(sealed: str | None) -> str:
    return here().database.keyring.open(Sealed(sealed), Sealing.WORDS) if sealed else ""
