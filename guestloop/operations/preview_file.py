"""Looks at an export as an import would read it, without a home: nothing is written and nothing is started."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from guestloop.composition.seed import KNOWN_PLACES, Places
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import with_only_hotel
from services.segments.imports.preview.look import Known, preview_of
from services.segments.imports.preview.preview import Preview


def preview_file(export: Path, mapping: ImportMapping, places: Places, at: datetime) -> Preview:
    """The preview that a page shows. Raises `InputError` where the file is no table."""
    known = {code: (zone, country) for code, (_, zone, country) in KNOWN_PLACES.items()}
    given = {code: (zone, country) for code, (country, zone) in places.items()}
    table = Table(export, mapping.reading)
    return preview_of(table, with_only_hotel(mapping, table.header, places), Known.of({**known, **given}, at))
