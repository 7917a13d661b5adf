"""An export brought into the lasting home."""

from __future__ import annotations

from pathlib import Path

from guestloop.operations.import_file import import_file, open_home
from guestloop.simulation.history import PLAIN_MAPPING
from shared.clock import SystemClock
from shared.embedded.home import Home
from tests.segments.test_import import line, write


def test_the_agency_domains_that_are_set_are_heeded(tmp_path: Path) -> None:
    addresses = ("anyone@voyages.example.com", "anyone@mail.voyages.example.com", "anyone@example.com")
    lines = [line(number, email=address, phone="") for number, address in enumerate(addresses, start=1)]
    export = write(tmp_path / "export.csv", lines)
    environment = {"GUESTLOOP_HOME": str(tmp_path / "home"), "GUESTLOOP_AGENCY_DOMAINS": "Voyages.example.com, x.org"}
    import_file(export, PLAIN_MAPPING, {}, rejects=tmp_path / "rejects.csv", environment=environment)
    home = Home.from_environment(environment)
    with open_home(home, environment, SystemClock()) as group, group.database("messaging").transaction() as tx:
        kinds = "select kind, count(*) from recipient_point where channel = 'email' group by kind order by kind"
        assert tx.execute(kinds).fetchall() == [("agency", 2), ("personal", 1)]
