"""`guestloop import`"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from guestloop.cli.arguments import (
    mapping_arguments,
    mapping_of,
    places_of,
    readable,
    rejects_beside,
    said_of,
)
from guestloop.cli.preview import mapping_words, print_preview
from guestloop.cli.reading import reading_of
from guestloop.cli.report import RowBar, report_import
from guestloop.operations.chosen_mapping import Known, choose, known_here
from guestloop.operations.import_file import import_file
from guestloop.operations.preview_file import header_in, preview_file
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.preview.preview import preview_json
from shared.clock import SystemClock
from shared.database.pool import Tx
from shared.errors import InputError


def add(known: argparse.ArgumentParser) -> None:
    known.add_argument("export", type=Path, help="a CSV file or a workbook, plain, gzipped or in an archive")
    known.add_argument("--rejects", type=Path, help="where refused rows go (default: <export>.rejects.csv)")
    known.add_argument("--dry-run", action="store_true", help="show how the file would be read, and import nothing")
    known.add_argument("--json", action="store_true", help="with --dry-run: as JSON")
    known.add_argument(
        "--mapping",
        metavar="SOURCE",
        help="use the mapping saved for this source, or none (default: that of the source with these headings)",
    )
    mapping_arguments(known, yes="unknown", no="refused")
    known.add_argument(
        "--own-date",
        action="append",
        default=[],
        metavar="KEY=HEADER",
        help="the column of one of your own dates (Segments → Dates of your own)",
    )
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    export = readable(given.export)
    if given.json and not given.dry_run:
        raise InputError("--json goes with --dry-run: it prints how the file would be read")
    if given.dry_run:
        return _show(export, given)
    rejects, places = given.rejects or rejects_beside(export), places_of(given)

    def settle(tx: Tx) -> ImportMapping:
        known = Known.of(tx)
        chosen = choose(said_of(given), header_in(export, reading_of(given)), known, {*known.places, *places})
        print(mapping_words(chosen.origin, chosen.read_as))
        return chosen.mapping

    with RowBar() as bar:
        done = import_file(
            export, mapping_of(given), places, rejects=rejects, environment=os.environ, progress=bar, settle=settle
        )
    report_import(done, rejects)
    return 0


def _show(export: Path, given: argparse.Namespace) -> int:
    clock, said = SystemClock(), said_of(given)
    here = known_here(os.environ, clock)
    preview = preview_file(export, said, places_of(given), clock.now(), here, reading_of(given))
    if given.json:
        sys.stdout.buffer.write(preview_json(preview) + b"\n")
        sys.stdout.buffer.flush()
    else:
        print_preview(preview)
    return 0
