"""A warning is raised of a hotel, and whoever is in an audience and has stayed there enters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.vocabulary.signal import ON_THE_BOOKS, Signal

BOOKS = "books"
SUBJECTS: Mapping[str, frozenset[str]] = {
    BOOKS: frozenset(map(str, ON_THE_BOOKS)),
    **{
        str(signal): frozenset({str(signal)})
        for signal in (Signal.COMPLAINTS, Signal.NPS, Signal.OPT_OUTS, Signal.REACH, Signal.UNHEARD)
    },
}
"""By the name of a subject, the signals that are about it. Mail that comes back and imports that are silent are no
reason to write to guests."""
USEFUL_FOR = timedelta(days=7)
"""How long after it was raised a warning begins a journey."""


@dataclass(frozen=True)
class WarningEntry:
    """Of one of these subjects, in that hotel or in any: who is in the audience then and has a stay in the hotel."""

    subjects: tuple[str, ...]
    audience: str
    hotel: str | None

    def wants(self, signal: str, hotel: str) -> bool:
        return self.hotel in (None, hotel) and any(signal in SUBJECTS[subject] for subject in self.subjects)
