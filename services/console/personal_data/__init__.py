"""What console keeps of people: colleagues and their doings, and which guests were erased."""

from __future__ import annotations

from services.console.personal_data.figures import FIGURES
from services.console.personal_data.house import HOUSE
from services.console.personal_data.people import COLLEAGUES
from services.console.personal_data.programs import PROGRAMS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

PERSONAL_DATA = PersonalData(tables=(*HOUSE, *COLLEAGUES, *PROGRAMS, *FIGURES, *EVERY_SERVICE))
