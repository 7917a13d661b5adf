"""What somebody of some hotels sees: given `Scope.values`, for statements with the tables of those names in them."""

from __future__ import annotations

from shared.access.scope import within

GUEST_SEEN = f"""({within("guest.home_property")} or exists (
    select from stay_known as own where own.guest_id = guest.guest_id and {within("own.property")}))"""
"""A guest (`recipient as guest`) belongs to their home hotel and to those they stayed in or will."""

MESSAGE_SEEN = f"({within('message.property')} or (message.property is null and {GUEST_SEEN}))"
"""A message (`delivery as message`) belongs to its hotel; one of no hotel to those who see its guest."""
