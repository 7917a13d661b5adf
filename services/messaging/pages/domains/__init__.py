"""The domains that mail is from, on screen: what DNS must say of each, and what it says."""

from services.messaging.pages.domains.routes import domains

__all__ = ["domains"]
