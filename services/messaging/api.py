"""What programs ask of messaging, and guests, who have no session: webhooks, the way out. No form token is asked."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.pages.confirmation import confirmation
from services.messaging.pages.way_out import way_out

API: tuple[Blueprint, ...] = (way_out, confirmation)
