"""The demo: an invented hotel group's export is imported, then a month of it is played."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from guestloop.bringing import bring
from guestloop.generated.export import write_export
from guestloop.history import PLAIN_MAPPING
from guestloop.report import DayBar, RowBar, report_import, report_simulation
from guestloop.simulate import Period, simulate

MONTH = Period(date(2016, 5, 1), date(2016, 5, 31))


def demo(rows: int, environment: Mapping[str, str]) -> None:
    """Import `rows` invented reservations into the home and simulate May 2016; say what was sent and why not."""
    with tempfile.TemporaryDirectory(prefix="guestloop-demo-") as folder:
        export = Path(folder) / "reservations.csv"
        write_export(export, rows=rows)
        print(f"An invented export of {rows:,} reservations, imported into the home:")
        rejects = Path(folder) / "rejects.csv"
        with RowBar() as rows_bar:
            done = bring(export, PLAIN_MAPPING, {}, rejects=rejects, environment=environment, progress=rows_bar)
        report_import(done, rejects)
        print(f"\nThe same export, played day by day; what {MONTH.first:%B %Y} brought:")
        with DayBar(MONTH) as days_bar:
            result = simulate(export, MONTH, progress=days_bar)
    report_simulation(result)
