"""By what guests who may be one are brought together, so that not everybody is compared with everybody.

Two names that are alike have a word in common, or begin alike, or are the same as a whole. Of two birth dates that
differ by a digit, or in the order of day and month, two parts agree. A key joins one with the other: alone each would
bring half a town together. (Whoever has a contact point in common is brought together by that.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b

from services.segments.rules.likeness.names import spelt
from services.segments.rules.people.guests import is_placeholder
from services.segments.rules.people.names import Name, parts_of

CROWD = 40
"""More guests than these on one key, and it tells nothing."""
NARROW_CROWD = 4
"""The same of a key that leaves a part of the birth date open: of a thousand people of one name several were born so
nearly on one day by chance."""


def keys_of(names: Sequence[Name], born: date | None) -> set[tuple[int, bool]]:
    """Hashes, which are a table's keys, and whether each is narrow; none where the birth date is not known."""
    if born is None or is_placeholder(born):
        return set()
    return {(_hash(text), is_narrow) for name in names for text, is_narrow in _texts(name, born)}


def _texts(name: Name, born: date) -> Iterator[tuple[str, bool]]:
    parts = spelt(parts_of(name))
    words = parts.given + parts.family
    if not words:
        return
    whole, day = min(parts.wholes), born.isoformat()
    yield from ((f"{day} {word}", False) for word in words if len(word) > 1)
    yield f"{day} {''.join(sorted(word[0] for word in words))}", False
    yield f"{day} {whole}", False
    year, month, of_month = day.split("-")
    yield f"{whole} {year}-{month}-", True
    yield f"{whole} {year}--{of_month}", True
    yield f"{whole} -{month}-{of_month}", True
    yield f"{whole} {year} {' '.join(sorted((month, of_month)))}", True


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
