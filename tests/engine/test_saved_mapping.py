"""The command line reads a file by the mapping that is saved for its source, as pages and programs do."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from guestloop.cli import parsed
from guestloop.cli.arguments import said_of
from guestloop.cli.reading import reading_of
from guestloop.operations.chosen_mapping import Chosen, Known, MappingFrom, choose
from guestloop.operations.import_file import open_home
from guestloop.operations.preview_file import header_in
from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.mappings import document_of, headings_of
from services.segments.rules.house_dates import HouseDate
from services.segments.rules.written.dates import Order
from services.segments.store.imports.files import save_mapping
from shared.clock import SystemClock
from shared.embedded.home import Home
from shared.errors import InputError
from shared.table_files.reading import Reading
from shared.vocabulary.consent import ClaimedConsent
from tests.command_line import guestloop
from tests.segments.imports.books import xlsx
from tests.segments.test_import import HEADER, line, write

HEADINGS = HEADER.split(",")
SAVED = ImportMapping(
    "opera",
    dates={"birth_date": Order.DMY},
    meanings={"status": {"gone": "checked_out"}},
    yes=ClaimedConsent.EXPRESS,
    currency="EUR",
)
DOCUMENT = {**document_of(SAVED), "headings": headings_of(HEADINGS)}
HERE = Known({"opera": DOCUMENT}, {"LIS": ("Europe/Lisbon", "PT")})


def given(*arguments: str) -> Namespace:
    return parsed(["import", "x.csv", *arguments])


def chosen(*arguments: str, known: Known = HERE, header: list[str] = HEADINGS) -> Chosen:
    return choose(said_of(given(*arguments)), lambda _: header, known, known.places)


def test_a_file_with_the_headings_of_a_saved_source_is_read_as_its_files_are() -> None:
    found = chosen()
    assert (found.origin, found.read_as, found.mapping.source) == (MappingFrom.SAVED, "opera", "opera")
    assert found.mapping.meanings == SAVED.meanings and found.mapping.yes is ClaimedConsent.EXPRESS


def test_what_is_said_stands_before_what_is_saved_field_by_field() -> None:
    more = ("--dates", "birth_date=mdy", "--meaning", "status:Moved=no_show", "--yes", "unknown", "--currency", "USD")
    found = chosen(*more, "--set", "source=fidelio").mapping
    assert (found.source, found.dates, found.currency) == ("fidelio", {"birth_date": Order.MDY}, "USD")
    assert found.yes is ClaimedConsent.UNKNOWN and "gone" not in found.meanings["status"], "nothing is saved for it"
    found = chosen(*more, "--set", "source=fidelio", "--mapping", "opera").mapping
    assert found.source == "fidelio"
    assert found.meanings == {"status": {"gone": "checked_out", "moved": "no_show"}}


def test_the_table_and_what_its_rows_hold_are_read_as_saved(tmp_path: Path) -> None:
    """As a program that hands the file in has it."""
    people = ["member id", "first name", "last name", "e-mail"]
    path = tmp_path / "members.xlsx"
    path.write_bytes(xlsx(Stays=[list(HEADINGS), ["x"] * len(HEADINGS)], Members=[list(people), ["7", "A", "B", "c"]]))
    mapping = ImportMapping("club", reading=Reading(sheet="Members"), holds=Holds.PEOPLE, columns={"email": "e-mail"})
    known = Known({"club": document_of(mapping)}, HERE.places)
    read = choose(said_of(given("--mapping", "club")), header_in(path, Reading()), known, ()).mapping
    assert (read.reading.sheet, read.holds, read.columns) == ("Members", Holds.PEOPLE, {"email": "e-mail"})
    said = given("--mapping", "club", "--sheet", "Stays")
    assert choose(said_of(said), header_in(path, reading_of(said)), known, ()).mapping.reading.sheet == "Stays"
    other = tmp_path / "other.xlsx"
    other.write_bytes(xlsx(A=[list(people), ["7", "A", "B", "c"]], B=[list(people), ["8", "A", "B", "c"]]))
    with pytest.raises(InputError, match="holds no table «Members»"):
        choose(said_of(given("--mapping", "club")), header_in(other, Reading()), known, ())


def test_a_mapping_named_wins_and_none_uses_none() -> None:
    other = ["number", "hotel", "arrival"]
    assert chosen(header=other).origin is MappingFrom.HEADINGS
    assert chosen("--mapping", "opera", header=other).mapping.source == "opera"
    none = chosen("--mapping", "none")
    assert (none.origin, none.mapping) == (MappingFrom.HEADINGS, ImportMapping())
    with pytest.raises(InputError, match=r"no mapping is saved as 'opra' \(saved: opera\)"):
        chosen("--mapping", "opra")


def test_columns_of_dates_of_the_houses_own_are_said_or_found_and_one_that_is_not_there_is_refused() -> None:
    there = [HouseDate("wedding", "Wedding day", True, None), HouseDate("ends", "Membership ends", False, None)]
    known, header = replace(HERE, dates=there), [*HEADINGS, "wedding DAY", "Ende"]
    found = chosen("--own-date", "ends=Ende", known=known, header=header).mapping
    assert found.own_dates == {"wedding": "wedding DAY", "ends": "Ende"}
    assert chosen("--own-date", "wedding=Ende", known=known, header=header).mapping.own_dates == {"wedding": "Ende"}
    with pytest.raises(InputError, match=r"--own-date: there is no date 'wed' \(there are: ends, wedding\)"):
        chosen("--own-date", "wed=Ende", known=known, header=header)
    saved = {"opera": {**DOCUMENT, "own_dates": {"gone": "Ende"}}}
    again = chosen("--mapping", "opera", known=replace(known, saved=saved), header=header).mapping
    assert again.own_dates == {"wedding": "wedding DAY"}, "a date that is no longer in use is not read"
    nowhere = chosen("--own-date", "wedding=Ende", header=header).mapping  # a dry run where nothing is installed
    assert nowhere.own_dates == {"wedding": "Ende"}


def test_stays_of_before_are_not_told_again_under_the_name_of_a_system() -> None:
    header = ["主单号", "宾客姓名", "抵店时间", "离店时间", "酒店编码", "宾客状态"]
    assert chosen(header=header).mapping.source == "lvyun"
    before = Known(places=HERE.places, has_first=True)
    assert chosen(header=header, known=before).mapping.source == "pms"
    assert chosen("--set", "source=lvyun", header=header, known=before).origin is MappingFrom.SHIPPED


def test_the_dry_run_and_the_import_say_and_use_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1), line(2, status="Gone", last_name="Other", birth_date="3/4/1980")])
    environment, clock = {**os.environ, "GUESTLOOP_HOME": str(tmp_path / "home")}, SystemClock()
    with (
        open_home(Home.from_environment(environment), environment, clock) as group,
        group.database("segments").transaction() as tx,
    ):
        save_mapping(tx, "opera", DOCUMENT, "Marta", clock.now())
    seen = json.loads(guestloop(tmp_path, "import", str(path), "--dry-run", "--json").stdout)
    assert (seen["mapping_from"], seen["read_as"], seen["source"]) == ("saved", "opera", "opera")
    assert (seen["questions"], seen["refused"]["rows"], seen["orders"]["birth_date"]) == ([], 0, "dmy")
    done = guestloop(tmp_path, "import", str(path))
    assert "read by the mapping saved for opera (--mapping none uses none)" in done.stdout
    assert "2 rows: 2 new stays" in done.stdout, done.stderr
