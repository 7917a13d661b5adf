"""By which mapping a file is read on the command line: the one saved for its source, as the page and the API do.

What somebody says beside it stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from guestloop.operations.connect import Environment, NoHome, connect
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.mappings import (
    first_mapping,
    mapping_of,
    source_of_headings,
    with_dates,
    without_lost_dates,
)
from services.segments.imports.shipped import SHIPPED
from services.segments.rules.house_dates import HouseDate
from services.segments.store.house_dates import house_dates
from services.segments.store.imports.files import has_stays_of, saved_mappings
from services.segments.store.properties import property_places
from shared.clock import Clock
from shared.database.pool import Tx
from shared.errors import InputError
from shared.table_files.reading import AS_FOUND, Reading

HeaderOf = Callable[[Reading], Sequence[str]]

FIRST_SOURCE = "pms"
NONE = "none"


class MappingFrom(StrEnum):
    """Where the mapping comes from beside what was said."""

    SAVED = "saved"
    SHIPPED = "shipped"
    HEADINGS = "headings"


@dataclass(frozen=True)
class Said:
    """What somebody said. `source`: the file's; `mapping`: the source whose mapping is to be used, or `NONE`. `over`:
    lays what else was said over a mapping. `usual`: what is read by where nothing is saved."""

    over: Callable[[ImportMapping], ImportMapping]
    usual: ImportMapping
    source: str | None = None
    mapping: str | None = None


@dataclass(frozen=True)
class Chosen:
    """`read_as`: the source whose mapping it is."""

    mapping: ImportMapping
    origin: MappingFrom
    read_as: str


@dataclass(frozen=True)
class Known:
    """What an installation knows: the mappings saved, its hotels with zone and country, whether stays of the first
    source are there, and the house's own dates; None where there is no installation."""

    saved: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    has_first: bool = False
    dates: Sequence[HouseDate] | None = None

    @classmethod
    def of(cls, tx: Tx) -> Known:
        return cls(saved_mappings(tx), property_places(tx), has_stays_of(tx, FIRST_SOURCE), house_dates(tx))


def known_here(environment: Environment, clock: Clock) -> Known:
    """Nothing where there is no installation."""
    try:
        with connect(environment, clock) as installation, installation.group.database("segments").transaction() as tx:
            return Known.of(tx)
    except NoHome:
        return Known()


def choose(said: Said, header_of: HeaderOf, known: Known, hotels: Collection[str]) -> Chosen:
    """`header_of`: the file's headings, opened so, or as somebody said. Raises `InputError` where a mapping is named
    that nobody saved, or the file lacks the table that it reads."""
    if said.mapping not in (None, NONE, *known.saved, *SHIPPED):
        names = ", ".join(known.saved) or "none"
        raise InputError(f"--mapping: no mapping is saved as {said.mapping!r} (saved: {names}); say {NONE} to use none")
    header = header_of(AS_FOUND)
    source = said.source or _source(said, header, known)
    read_as = said.mapping or source
    if read_as in known.saved:
        origin = MappingFrom.SAVED
    else:
        origin = MappingFrom.SHIPPED if read_as in SHIPPED else MappingFrom.HEADINGS
    if origin is MappingFrom.SAVED:  # what is asked anew on the page too, as for the watched folder and for programs
        saved = mapping_of(read_as, known.saved[read_as])
        header = header_of(saved.reading) if saved.reading != AS_FOUND else header
        base = first_mapping(read_as, known.saved, header, hotels)
        base = replace(base, yes=saved.yes, no=saved.no, reading=saved.reading, holds=saved.holds)
    else:
        base = first_mapping(read_as, known.saved, header, hotels)
        base = replace(base, yes=said.usual.yes, no=said.usual.no)
    base = without_lost_dates(replace(base, source=source), known.dates or ())
    return Chosen(_with_dates(said.over(base), header, known.dates), origin, read_as)


def _with_dates(mapping: ImportMapping, header: Sequence[str], dates: Sequence[HouseDate] | None) -> ImportMapping:
    """As on the page, the columns of dates are found by their headings, too. Raises `InputError` of a date that is not
    there."""
    if dates is None:
        return mapping
    there = sorted(one.key for one in dates)
    if unknown := sorted(mapping.own_dates.keys() - set(there)):
        raise InputError(f"--own-date: there is no date {unknown[0]!r} (there are: {', '.join(there) or 'none'})")
    return with_dates(mapping, header, dates)


def _source(said: Said, header: Sequence[str], known: Known) -> str:
    """The one whose mapping is named, or whose files have these headings. Stays that were imported before under the
    first source are not told again under the name of a system that is known by its headings alone."""
    if said.mapping not in (None, NONE):
        return str(said.mapping)
    found = source_of_headings(header, known.saved) if said.mapping is None else None
    if found is None or (found not in known.saved and known.has_first):
        return FIRST_SOURCE
    return found
