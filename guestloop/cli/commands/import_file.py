"""`guestloop import`"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from guestloop.cli.arguments import Commands, mapping_arguments, mapping_of, places_of, readable, rejects_beside
from guestloop.cli.preview import print_preview
from guestloop.cli.report import RowBar, report_import
from guestloop.operations.import_file import import_file
from guestloop.operations.preview_file import preview_file
from services.segments.imports.preview.preview import preview_json
from shared.clock import SystemClock
from shared.errors import InputError


def add(commands: Commands) -> None:
    known = commands.add_parser("import", help="take a PMS export into the home (GUESTLOOP_HOME, default .guestloop)")
    known.add_argument("export", type=Path, help="a CSV file or a workbook, plain, gzipped or in an archive")
    known.add_argument("--rejects", type=Path, help="where refused rows go (default: <export>.rejects.csv)")
    known.add_argument("--dry-run", action="store_true", help="show how the file would be read, and import nothing")
    known.add_argument("--json", action="store_true", help="with --dry-run: as JSON")
    mapping_arguments(known, yes="unknown", no="refused")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    export = readable(given.export)
    if given.json and not given.dry_run:
        raise InputError("--json goes with --dry-run: it prints how the file would be read")
    if given.dry_run:
        return _show(export, given)
    rejects = given.rejects or rejects_beside(export)
    with RowBar() as bar:
        done = import_file(
            export, mapping_of(given), places_of(given), rejects=rejects, environment=os.environ, progress=bar
        )
    report_import(done, rejects)
    return 0


def _show(export: Path, given: argparse.Namespace) -> int:
    preview = preview_file(export, mapping_of(given), places_of(given), SystemClock().now())
    if given.json:
        sys.stdout.buffer.write(preview_json(preview) + b"\n")
        sys.stdout.buffer.flush()
    else:
        print_preview(preview)
    return 0
