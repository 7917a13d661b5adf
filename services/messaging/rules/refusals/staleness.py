"""Whether what is known of a hotel's stays is too old for a message that rests on a guest's absence."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.messaging.rules.facts import Request, World

WANT = "absence"
UNHEARD_FOR = timedelta(hours=36)
READ_BY = timedelta(minutes=10)
"""After the first news of a hotel: by then the rest of the file that brought it is read."""


def rests_on_stale_data(request: Request, world: World, now: datetime) -> bool:
    """The hotel has not been heard of for 36 hours: the guest may have booked or come meanwhile."""
    if WANT not in request.wants or request.property is None:
        return False
    property_ = world.properties.get(request.property)
    return property_ is None or property_.heard_at is None or now - property_.heard_at > UNHEARD_FOR
