"""What programs ask of segments with an API key: reservations, guests and all that is told of them; openapi.json."""

from __future__ import annotations

from flask import Blueprint

from services.segments.api.description import description
from services.segments.api.events import events
from services.segments.api.guests import guests
from services.segments.api.imports import imports
from services.segments.api.loyalty import loyalty
from services.segments.api.new_guests import new_guests
from services.segments.api.notes import notes
from services.segments.api.spend import spend
from services.segments.api.stays import stays

API: tuple[Blueprint, ...] = (imports, guests, new_guests, notes, stays, loyalty, spend, events, description)
