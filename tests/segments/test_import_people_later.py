"""What comes after a list of people: their stays, a merge and its undoing, a run that broke off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.enter import prepare_rows
from services.segments.imports import chunks
from services.segments.imports.chunks import Imported
from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.run import import_reservations
from shared.database.pool import Database
from shared.errors import InputError
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import MORNING, row, rows_of

AT = datetime(2017, 1, 1, tzinfo=UTC)
PEOPLE = ImportMapping("list", constants={"property": "LIS"}, yes=ClaimedConsent.EXPRESS)
TAGS = "select given_name, tags from guest where merged_into is null order by given_name"


def bring(
    database: Database, folder: Path, *lines: str, name: str = "VIP.csv", days: int = 0, mapping: ImportMapping = PEOPLE
) -> Imported:
    file = folder / name
    file.write_text("\n".join(("name,email,language,newsletter", *lines)) + "\n", encoding="utf-8")
    return import_reservations(database, file, mapping, AT + timedelta(days=days))


def test_a_stay_of_theirs_finds_them_and_says_more_than_the_list(segments: Database, tmp_path: Path) -> None:
    bring(segments, tmp_path, "Rita Cantu,rita@example.com,de,yes")
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com", language="pt")], MORNING)  # booked a year before the list came
    assert rows_of(segments, "select language, tags, home_property from guest") == [("pt", ["VIP"], "LIS")]


def test_who_was_merged_and_taken_apart_has_their_own_lists(segments: Database, tmp_path: Path) -> None:
    bring(segments, tmp_path, "Rita Cantu,rita@example.com,,yes", "Ana Reis,ana@example.com,,yes")
    ((ana,),) = rows_of(segments, "select id from guest where given_name = 'Ana'")
    ((rita,),) = rows_of(segments, "select id from guest where given_name = 'Rita'")
    with segments.transaction() as tx:
        merge_guests(tx, ana, rita, "Marta Marques", AT + timedelta(days=1))
    lists = ("Rita Cantu,rita@example.com,,yes", "Ana Reis,ana@example.com,,no")
    assert bring(segments, tmp_path, *lists, days=2).guests_made == 0
    assert bring(segments, tmp_path, "Ana Reis,ana@example.com,pt,no", name="Wine.csv", days=2).guests_made == 0
    assert rows_of(segments, TAGS) == [("Rita", ["VIP", "Wine"])]
    with segments.transaction() as tx:
        unmerge_guest(tx, ana, "Marta Marques", AT + timedelta(days=3))
    owners = "select g.given_name, r.list from contact_row r join guest g on g.id = r.guest_id order by 1, 2"
    assert rows_of(segments, owners) == [("Ana", "VIP"), ("Ana", "Wine"), ("Rita", "VIP")]
    claims = "select g.given_name, c.state from consent_claim c join guest g on g.id = c.guest_id order by 1"
    assert rows_of(segments, claims) == [("Ana", "refused"), ("Rita", "express")]
    assert bring(segments, tmp_path, *lists, days=4).nothing_changed


def test_a_run_that_broke_off_goes_on_and_makes_nobody_twice(
    segments: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"Guest Nr{chr(97 + number)},g{number}@example.com,,yes" for number in range(6)]
    monkeypatch.setattr(chunks, "FIRST_CHUNK", 2)
    monkeypatch.setattr(chunks, "CHUNK", 2)
    calls: list[int] = []

    def dies(*arguments: object) -> object:
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return prepare_rows(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(chunks, "prepare_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(segments, tmp_path, *lines)
    begun = rows_of(segments, "select count(*) from guest")[0][0]
    assert 0 < begun < 6
    monkeypatch.setattr(chunks, "prepare_rows", prepare_rows)
    done = bring(segments, tmp_path, *lines, days=1)
    assert (done.guests_made, done.unchanged) == (6, 0)
    assert rows_of(segments, "select count(*) from guest") == [(6,)]


def test_a_source_of_stays_is_never_read_as_people(segments: Database, tmp_path: Path) -> None:
    stays = ImportMapping("pms", constants={"property": "LIS"}, holds=Holds.STAYS)
    with pytest.raises(InputError) as refused:
        bring(segments, tmp_path, "Rita Cantu,rita@example.com,,yes", mapping=stays)
    assert {"reservation", "arrival", "departure"} <= refused.value.problems.keys()
    assert rows_of(segments, "select count(*) from guest") == [(0,)]
