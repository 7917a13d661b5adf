"""What segments publishes of the sources that tell it of stays."""

from __future__ import annotations

from datetime import date, datetime

from shared.events.dictionary import Lane, event


@event("feed.heard.v1", by="segments", key=("property", "source", "day"), lane=Lane.MARKETING)
class FeedHeard:
    """A source told of stays of a hotel: the first time on a day, whether it changed anything or not. `source`: as its
    reservations are known by, those of an import, of a system or of a program."""

    property: str
    source: str
    version: int  # the day, in days since 1970
    day: date  # UTC
    heard_at: datetime


@event("property.heard.v1", by="segments", key="property")
class PropertyHeard:
    """A source sent data of a hotel's stays, and none of them is told as of this instant: the data changed nothing, or
    what they changed happened before. It comes after the stays that they did change.
    """

    property: str
    version: int  # whole seconds since 1970
    heard_at: datetime
