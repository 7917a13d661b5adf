"""What somebody of some hotels sees: given `Scope.values`, for statements with the tables of those names in them."""

from __future__ import annotations

from shared.access.scope import within

GUEST_SEEN = f"""({within("guest.home_property")} or exists (
    select from stay_known as own where own.guest_id = guest.guest_id and {within("own.property")}))"""
"""A guest (`guest_known as guest`) belongs to their home hotel and to those they stayed in or will."""


def seen(hotel: str) -> str:
    """SQL: what belongs to the hotel in this column, or to none and to a guest who is seen."""
    return f"({within(hotel)} or ({hotel} is null and {GUEST_SEEN}))"
