"""The guests an import makes can be those who made the reservations: nobody joined without a key, nobody split."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from guestloop.generated.export import write_export
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.queries.published import guests_as_of_now
from shared.database.pool import Database
from tests.conftest import MakeDatabase
from tests.oracle.export import read_rows
from tests.oracle.identity import check_identity
from tests.segments.rows import add_properties

REAL = Path(__file__).parents[3] / "shared" / "data" / "reservations_2015-2016.csv.gz"
AT = datetime(2017, 2, 1, tzinfo=UTC)


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


def wrong_guests(segments: Database, export: Path) -> list[str]:
    import_reservations(segments, export, ImportMapping(), AT)
    with segments.transaction() as tx:
        people = list(guests_as_of_now(tx))
    assert len(people) > 100
    return [str(mismatch) for mismatch in check_identity(read_rows(export), people)]


def test_the_guests_of_the_generated_export_hold_together(segments: Database, tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", rows=5000)
    assert wrong_guests(segments, tmp_path / "export.csv") == []


@pytest.mark.proof
@pytest.mark.data
@pytest.mark.skipif(not REAL.exists(), reason="the real reservations (../shared/data) are absent")
def test_the_guests_of_the_real_reservations_hold_together(segments: Database) -> None:
    assert wrong_guests(segments, REAL) == []
