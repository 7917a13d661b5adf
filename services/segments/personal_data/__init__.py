"""What segments keeps of people: guests and stays, what is concluded from them, imports, other services' states."""

from __future__ import annotations

from services.segments.personal_data.companies import COMPANIES
from services.segments.personal_data.copies import COPIES
from services.segments.personal_data.figures import FIGURES
from services.segments.personal_data.files import FILES
from services.segments.personal_data.guest_events import GUEST_EVENTS
from services.segments.personal_data.guests import GUESTS
from services.segments.personal_data.house_dates import HOUSE_DATES
from services.segments.personal_data.imports import IMPORT_STORES, IMPORTS
from services.segments.personal_data.lists import LISTS
from services.segments.personal_data.loyalty import LOYALTY
from services.segments.personal_data.merged import MERGED
from services.segments.personal_data.search import SEARCH
from services.segments.personal_data.segments import SEGMENTS
from services.segments.personal_data.sign_ups import SIGN_UPS
from services.segments.personal_data.spend import SPEND
from services.segments.personal_data.systems import SYSTEMS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

PERSONAL_DATA = PersonalData(
    tables=(
        *(
            *COPIES,
            *SEGMENTS,
            *FIGURES,
            *FILES,
            *MERGED,
            *SYSTEMS,
            *SIGN_UPS,
            *COMPANIES,
            *SPEND,
            *LOYALTY,
            *GUEST_EVENTS,
        ),
        *(*LISTS, *GUESTS, *HOUSE_DATES, *SEARCH, *IMPORTS, *EVERY_SERVICE),
    ),
    stores=IMPORT_STORES,
)
