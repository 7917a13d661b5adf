"""Rules by country: what is shipped and from where, what the house changed, and the form to change it."""

from __future__ import annotations

from services.messaging.pages.countries.routes import countries

__all__ = ["countries"]
