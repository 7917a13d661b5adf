"""What campaigns keeps of people: who is in which journey, and the little that journeys decide by."""

from __future__ import annotations

from services.campaigns.personal_data.guests import GUESTS
from services.campaigns.personal_data.journeys import JOURNEYS
from services.campaigns.personal_data.rehearsals import REHEARSALS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

OWN_TABLES = (*GUESTS, *JOURNEYS, *REHEARSALS)
PERSONAL_DATA = PersonalData(tables=(*OWN_TABLES, *EVERY_SERVICE))
