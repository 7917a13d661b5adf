"""A person as a list names them (newsletter, VIP, corporate): somebody who need have no stay."""

from __future__ import annotations

import builtins
from datetime import date, datetime
from typing import TypeAlias

from services.segments.rules.reservations import Reservation, StayKey
from shared.rows import row
from shared.vocabulary.consent import ClaimedConsent


@row
class Contact:
    """A row of a list, parsed. `list_name`: what its people are tagged with. `file`: the file's name. `signed_on`: the
    day on which they entered themselves, where the list says so. `handed_in_at`: when the file was. `days`: of the
    house's own dates, each with its key.
    """

    source: str
    property: str
    list_name: str
    file: str
    handed_in_at: datetime
    title: str | None = None
    given_name: str = ""
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    language: str | None = None
    country: str | None = None
    tier: str | None = None
    email_consent: ClaimedConsent | None = None
    sms_consent: ClaimedConsent | None = None
    whatsapp_consent: ClaimedConsent | None = None
    signed_on: date | None = None
    tags: tuple[str, ...] | None = None
    wishes: tuple[str, ...] | None = None
    days: tuple[str, ...] | None = None

    @builtins.property  # a field here has that name
    def reservation(self) -> str:
        """What stands where a reservation has its number: the list, and whom it names."""
        named = (self.email or "", self.phone or "", self.given_name, self.family_name, str(self.birth_date or ""))
        return "\x1f".join((self.list_name, *(text.casefold() for text in named)))

    def ref(self) -> str:
        """What a consent and an address are said to come from."""
        return f"list «{self.list_name}», file {self.file} ({self.property})"

    def key(self) -> StayKey:
        return StayKey(self.source, self.property, self.reservation)


StatedRow: TypeAlias = Reservation | Contact
