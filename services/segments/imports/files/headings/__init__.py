"""By which headings each field is known, in English, German, French, Spanish, Portuguese, Italian and Chinese.

A file a family of fields; of several known headings in one file the one named first is the field's. Headings are
written as `normalised` leaves them.
"""

from __future__ import annotations

from services.segments.imports.files.headings.contact import CONTACT
from services.segments.imports.files.headings.money import MONEY
from services.segments.imports.files.headings.person import BARE_NAMES, PERSON
from services.segments.imports.files.headings.reservation import RESERVATION
from services.segments.imports.files.headings.stay import STAY
from shared.table_files.headings import normalised

FAMILIES = (RESERVATION, STAY, MONEY, PERSON, CONTACT)
HEADERS: dict[str, tuple[str, ...]] = {
    field: tuple(one.strip() for one in words.split(",")) for family in FAMILIES for field, words in family.items()
}
KNOWN = frozenset(word for words in HEADERS.values() for word in words) | frozenset(BARE_NAMES)

__all__ = ["BARE_NAMES", "HEADERS", "KNOWN", "normalised"]
