"""A file imported at once, and the same file told one day after another, make the same guests."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest

from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import cancel, check_in, check_out, mark_no_show
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.refused import RefusedRows
from services.segments.imports.run import import_reservations, read_reservations
from services.segments.queries.published import guests_as_of_now
from services.segments.rules.reservations import Happening, Reservation, happenings
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import add_properties, rows_of

AT = datetime(2017, 1, 1, tzinfo=UTC)
REAL = Path(__file__).parents[3] / "shared" / "data" / "reservations_2015-2016.csv.gz"
SIMULATED = ImportMapping(yes=ClaimedConsent.EXPRESS, no=ClaimedConsent.NEVER_ASKED)


def tell_day_by_day(database: Database, rows: Sequence[Reservation]) -> None:
    """The rows as a property management system tells them: each happening at its instant."""
    inputs = sorted(
        (instant, kind, row.reservation, row) for row in rows for instant, kind in happenings(row, "Europe/Lisbon")
    )
    verbs = {
        Happening.CANCELLED: cancel,
        Happening.CHECKED_IN: check_in,
        Happening.CHECKED_OUT: check_out,
        Happening.NO_SHOW: mark_no_show,
    }
    for (instant, kind), some in groupby(inputs, key=lambda one: one[:2]):
        told_now = [row for *_, row in some]
        with database.transaction() as tx:
            if kind is Happening.BOOKED:
                book(tx, told_now, instant)
            else:
                assert not verbs[kind](tx, [row.key() for row in told_now], instant).refused


@pytest.mark.data
def test_importing_and_telling_day_by_day_make_the_same_guests_and_stays(
    make_database: Callable[[str], Database], tmp_path: Path
) -> None:
    if not REAL.exists():
        pytest.skip("../shared/data is absent")
    path = tmp_path / "slice.csv"
    with gzip.open(REAL, "rt", encoding="utf-8-sig", newline="") as file:
        path.write_text("".join([next(file) for _ in range(3001)]), encoding="utf-8")
    one, other = make_database("segments"), make_database("segments")
    for database in (one, other):
        add_properties(database)
    done = import_reservations(one, path, SIMULATED, AT)
    assert done.rejected == 0
    assert done.stays_made == 3000
    rejects = RefusedRows()
    tell_day_by_day(other, [row for _, row in read_reservations(path, SIMULATED, rejects)])
    assert rejects.rows == 0
    with one.transaction() as a, other.transaction() as b:
        assert list(guests_as_of_now(a)) == list(guests_as_of_now(b))
    for query in (
        "select reservation, guest_id, status, checked_in_at, checked_out_at, ended_at from stay order by 1",
        "select id, title, given_name, family_name, language, tier, home_zone, said from guest order by 1",
        "select guest_id, channel, state, said_at, source_ref from consent_claim order by 1, 2",
        "select point, kind, guests from contact_point order by 1",
        "select guest_id, other_id, key from possible_duplicate order by 1, 2",
    ):
        assert rows_of(one, query) == rows_of(other, query)
    again = import_reservations(other, path, SIMULATED, AT)
    assert again.nothing_changed, again
