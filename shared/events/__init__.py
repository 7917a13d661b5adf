"""The dictionary of all events between services: one frozen dataclass per type, one module or folder per publisher.

Nothing else crosses between services. Fields are only ever added, with a default; what would break a subscriber is a
new version of the type beside the old one.
"""

from shared.events import campaigns, console, feedback, messaging, rehearsals, segments
from shared.events.dictionary import Chunk, EventType, Lane, all_types, chunk_of, chunk_of_rows, event_type

__all__ = [
    "Chunk",
    "EventType",
    "Lane",
    "all_types",
    "campaigns",
    "chunk_of",
    "chunk_of_rows",
    "console",
    "event_type",
    "feedback",
    "messaging",
    "rehearsals",
    "segments",
]
