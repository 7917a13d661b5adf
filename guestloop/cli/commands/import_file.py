"""`guestloop import`"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from guestloop.cli.arguments import Commands, mapping_arguments, mapping_of, places_of, readable
from guestloop.cli.report import RowBar, report_import
from guestloop.operations.import_file import import_file


def add(commands: Commands) -> None:
    known = commands.add_parser("import", help="take a PMS export into the home (GUESTLOOP_HOME, default .guestloop)")
    known.add_argument("export", type=Path, help="a CSV file or a workbook, plain, gzipped or in an archive")
    known.add_argument("--rejects", type=Path, help="where refused rows go (default: <export>.rejects.csv)")
    mapping_arguments(known, yes="unknown", no="refused")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    export = readable(given.export)
    rejects = given.rejects or export.with_name(export.name.removesuffix(".gz").removesuffix(".csv") + ".rejects.csv")
    with RowBar() as bar:
        done = import_file(
            export, mapping_of(given), places_of(given), rejects=rejects, environment=os.environ, progress=bar
        )
    report_import(done, rejects)
    return 0
