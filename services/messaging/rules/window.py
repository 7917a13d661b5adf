"""Whether free words may go: on some channels only for a while after the guest wrote there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.messaging.rules.answers import answer_in
from services.messaging.rules.facts import Point, Request, World

ON_THE_WAY = timedelta(minutes=5)
"""What is claimed reaches the provider before the window closes."""


def is_closed(request: Request, point: Point, language: str, world: World, now: datetime) -> bool:
    """The text needs an open window, and there is none."""
    closes = window_closes_at(request, point, language, world)
    return closes is not None and now >= closes - ON_THE_WAY


def window_closes_at(request: Request, point: Point, language: str, world: World) -> datetime | None:
    """When the window closes that the text needs (long ago where the guest never wrote); None: it needs none."""
    window = world.channels[point.channel].window
    answer = answer_in(request)
    if window is None or (answer is None and not world.needs_window(request, point.channel, language)):
        return None
    wrote = [world.wrote_at.get((point.channel, point.point)), answer.heard_at if answer else None]
    return max((at for at in wrote if at), default=NEVER) + window


NEVER = datetime.min.replace(tzinfo=UTC)
