"""What programs ask of segments with an API key: reservations, guests and all that is told of them. openapi.json
describes it. Each noun has its file here, with the schemas it is read and answered by.

Beside them, without a key and without the console's form token: where guests sign up, and the kiosk at the desk.
"""

from __future__ import annotations

from flask import Blueprint

from services.segments.api.description import description
from services.segments.api.events import events
from services.segments.api.guests import guests
from services.segments.api.imports import imports
from services.segments.api.join import join
from services.segments.api.kiosk import kiosk
from services.segments.api.loyalty import loyalty
from services.segments.api.new_guests import new_guests
from services.segments.api.notes import notes
from services.segments.api.ota import ota
from services.segments.api.rates import rates
from services.segments.api.spend import spend
from services.segments.api.stays import stays
from services.segments.api.systems import systems

OF_GUESTS = (guests, new_guests, notes, loyalty, spend, events)
API: tuple[Blueprint, ...] = (imports, *OF_GUESTS, stays, rates, systems, ota, description, join, kiosk)
