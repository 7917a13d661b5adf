"""What feedback keeps of people: what they wrote and answered, what they complained of, and who looks after it."""

from __future__ import annotations

from services.feedback.personal_data.care import CARE
from services.feedback.personal_data.guests import GUESTS
from services.feedback.personal_data.heard import ABOUT_HOTELS, HEARD, LESSONS
from services.feedback.personal_data.hotels import HOTELS
from services.feedback.personal_data.inbox import INBOX
from services.feedback.personal_data.surveys import SURVEYS
from shared.personal_data.declaration import PersonalData
from shared.personal_data.every_service import EVERY_SERVICE

PERSONAL_DATA = PersonalData(
    tables=(*CARE, *INBOX, *SURVEYS, *GUESTS, *HEARD, LESSONS, *HOTELS, *ABOUT_HOTELS, *EVERY_SERVICE)
)
