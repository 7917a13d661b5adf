"""The house's senders on screen: which there are and how they fare, one's form, its test."""

from __future__ import annotations

from services.messaging.pages.senders.routes import senders

__all__ = ["senders"]
