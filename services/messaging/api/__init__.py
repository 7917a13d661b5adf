"""What programs ask of messaging: consents, with an API key; and what guests do, who have no session: the way out."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.api.consents import consents
from services.messaging.pages.confirmation import confirmation
from services.messaging.pages.way_out import way_out

API: tuple[Blueprint, ...] = (consents, way_out, confirmation)
