"""What the dictionary's types cannot express but the gate relies on: zones that exist, hours that can be read."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfoNotFoundError

from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk
from shared.localtime import zone_named
from shared.vocabulary.channel import Channel

CHANNELS = frozenset(map(str, Channel))


def refuse_unknown_zones(chunk: Chunk, column: str) -> None:
    unknown = {zone for zone in set(chunk[column]) if not _is_zone(zone)}
    faults = {place: f"no zone is called «{zone}»" for place, zone in enumerate(chunk[column]) if zone in unknown}
    if faults:
        raise MalformedEvent(f"{chunk.type.name}: unknown zones", faults)


def refuse_unsound_requests(chunk: Chunk) -> None:
    refuse_unknown_zones(chunk, "zone")
    faults: dict[int, str] = {}
    for place, (channels, hour) in enumerate(zip(chunk["channels"], chunk["local_time"], strict=True)):
        if not channels or not CHANNELS.issuperset(channels):
            faults[place] = f"channels are {', '.join(Channel)}, at least one of them"
        elif hour is not None and not _is_hour(hour):
            faults[place] = "local_time reads «HH:MM»"
    if faults:
        raise MalformedEvent(f"{chunk.type.name}: cannot be judged", faults)


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_hour(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text) is not None
    except ValueError:
        return False
