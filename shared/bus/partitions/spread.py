"""Which partition a subject is of."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from shared.events.dictionary import Chunk

WHOLE = 1
"""Of so many partitions each message is of the first."""


def part_of(key: str, partitions: int) -> int:
    """The same wherever it is asked, in every version."""
    return crc32(key.encode()) % partitions


def spread(chunk: Chunk, partitions: int) -> Iterator[tuple[int, Chunk]]:
    """The subjects of each partition, in their order; of those that have any."""
    if partitions == WHOLE:
        yield 0, chunk
        return
    places: dict[int, list[int]] = {}
    for place, key in enumerate(zip(*(chunk[field] for field in chunk.type.key), strict=True)):
        places.setdefault(part_of("/".join(map(str, key)), partitions), []).append(place)
    for part in sorted(places):
        yield part, chunk if len(places) == 1 else chunk.pick(places[part])
