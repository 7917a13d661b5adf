"""What segments publishes: guests, their stays, and who entered or left which audience."""

from shared.events.segments import audiences, feeds, guests, stays

__all__ = ["audiences", "feeds", "guests", "stays"]
