"""Looks at an export as an import would read it: nothing is imported. What an installation has saved is heeded."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from guestloop.composition.seed import KNOWN_PLACES, Places
from guestloop.operations.chosen_mapping import HeaderOf, Said, choose
from guestloop.operations.chosen_mapping import Known as KnownHere
from services.segments.imports.files.table import Table
from services.segments.imports.preview.look import Known, preview_of
from services.segments.imports.preview.preview import Preview
from shared.table_files.reading import Reading


def preview_file(export: Path, said: Said, places: Places, at: datetime, here: KnownHere, reading: Reading) -> Preview:
    """The preview that a page shows. `reading`: what was said of the file itself. Raises `InputError` where it is no
    table."""
    known = {code: (zone, country) for code, (_, zone, country) in KNOWN_PLACES.items()}
    given = {code: (zone, country) for code, (country, zone) in places.items()}
    hotels = {**here.places, **given}
    chosen = choose(said, header_in(export, reading), here, hotels)
    table = Table(export, chosen.mapping.reading)
    preview = preview_of(table, chosen.mapping, Known.of({**known, **hotels}, at))
    return replace(preview, mapping_from=str(chosen.origin), read_as=chosen.read_as)


def header_in(export: Path, said: Reading) -> HeaderOf:
    """The headings of the file, opened in a way, and as somebody said before that."""
    fields = {name: value for name, value in asdict(said).items() if value is not None}
    return lambda reading: Table(export, replace(reading, **fields)).header
