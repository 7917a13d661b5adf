"""What messaging keeps of people: whom it writes to, what they allow, and every message with its decisions."""

from __future__ import annotations

from services.messaging.personal_data.colleagues import COLLEAGUES
from services.messaging.personal_data.guests import GUESTS
from services.messaging.personal_data.messages import MESSAGES
from services.messaging.personal_data.offers import OFFERS
from services.messaging.personal_data.rehearsals import REHEARSALS
from services.messaging.personal_data.settings import SETTINGS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

PERSONAL_DATA = PersonalData(tables=(*OFFERS, *MESSAGES, *REHEARSALS, *GUESTS, *COLLEAGUES, *SETTINGS, *EVERY_SERVICE))
