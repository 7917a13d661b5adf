"""Whether a person has stopped what this message belongs to: all sending, a hotel's, a channel's, a country's."""

from __future__ import annotations

from collections.abc import Iterator

from services.messaging.rules.facts import Guest, Point, Request, World

KINDS = ("all", "property", "channel", "country")


def is_stopped(request: Request, guest: Guest, point: Point, world: World) -> bool:
    return bool(world.stops) and any(one in world.stops for one in _covering(request, guest, point, world))


def _covering(request: Request, guest: Guest, point: Point, world: World) -> Iterator[tuple[str, str]]:
    """The country is the guest's, and their number's; the hotel is the message's, else the guest's own."""
    yield "all", ""
    yield "channel", point.channel
    yield "property", request.property or guest.home_property or ""
    yield "country", guest.country or ""
    if country := world.country_of(point):
        yield "country", country
