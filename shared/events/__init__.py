"""The dictionary of everything one service may say to another: one frozen dataclass a type, one module a speaker.

It is all that crosses between services. Fields are only ever added, with a default; what would break a hearer is a
new version of the type beside the old one.
"""

from shared.events import campaigns, console, feedback, messaging, segments
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
    "segments",
]
