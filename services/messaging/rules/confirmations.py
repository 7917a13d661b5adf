"""Asking a guest to confirm a consent by a link (double opt-in): for how long, how often, and what is kept as proof."""

from __future__ import annotations

from datetime import timedelta

TEMPLATE = "confirm-consent"
JOURNEY = "confirmation"  # stands where a message names its journey; none of that name can be launched
VALID_FOR = timedelta(days=7)
