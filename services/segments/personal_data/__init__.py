"""What segments keeps of people: guests and stays, what is concluded from them, imports, other services' states."""

from __future__ import annotations

from services.segments.personal_data.copies import COPIES
from services.segments.personal_data.files import FILES
from services.segments.personal_data.guests import GUESTS, SEARCH
from services.segments.personal_data.imports import IMPORT_STORES, IMPORTS
from services.segments.personal_data.merged import MERGED
from services.segments.personal_data.segments import SEGMENTS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

PERSONAL_DATA = PersonalData(
    tables=(*COPIES, *SEGMENTS, *FILES, *MERGED, *GUESTS, *SEARCH, *IMPORTS, *EVERY_SERVICE),
    stores=IMPORT_STORES,
)
