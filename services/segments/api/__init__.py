"""What programs ask of segments with an API key: files of reservations, guests, stays. openapi.json describes it."""

from __future__ import annotations

from flask import Blueprint

from services.segments.api.description import description
from services.segments.api.guests import guests
from services.segments.api.imports import imports
from services.segments.api.new_guests import new_guests
from services.segments.api.notes import notes
from services.segments.api.stays import stays

API: tuple[Blueprint, ...] = (imports, guests, new_guests, notes, stays, description)
