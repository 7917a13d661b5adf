"""What a file's columns say: nothing is dropped in silence, and what is said of a value holds for its source."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.imports import tally
from services.segments.imports.constants import today_at
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.imports.tally import Column
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.errors import InputError
from shared.web.config import WebConfig
from tests.cast import ADA, MARTA, NOW
from tests.segments.rows import rows_of
from tests.segments.test_import import AT, line, write
from tests.web import Browser, browser, words

STRANGE = line(2, status="Gone", country="Atlantis", language="perhaps", marketing_email="maybe", adr="x")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "imports", watched=tmp_path / "watched")


def visitor(database: Database, config: Config, who: Any) -> Browser:
    found = browser(SERVICE.build_web, config, database, who, web=WebConfig(gateway="http://127.0.0.1:9"))
    found.get("/segments/imports")
    return found


@pytest.fixture
def marta(database: Database, config: Config) -> Browser:
    return visitor(database, config, MARTA)


@pytest.fixture
def clock(database: Database, config: Config) -> Imports:
    return Imports(database, config, VirtualClock(NOW))


def table(*lines: dict[str, str], without: tuple[str, ...] = ()) -> bytes:
    text = StringIO()
    rows = [{name: cell for name, cell in one.items() if name not in without} for one in lines]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def drop(marta: Browser, content: bytes, source: str = "pms") -> TestResponse:
    return marta.post("/segments/imports", {"file": (BytesIO(content), "export.csv"), "source": source})


def start(marta: Browser, page: TestResponse, values: dict[str, str] | None = None) -> TestResponse:
    said = {"source": "pms", "yes": "unknown", "no": "refused"} | (values or {})
    return marta.post(f"{page.request.path}/start", said)


def test_the_page_of_a_draft_counts_what_it_understood_and_names_what_it_did_not(marta: Browser) -> None:
    text = words(drop(marta, table(line(1), STRANGE, line(3, status="Gone", children="NA"))))
    assert "status status 1 2 0 «Gone» in 2 rows no status of a stay known here" in text
    assert "country country 2 1 0 «Atlantis» in 1 row" in text
    assert "children children 2 0 1" in text and "adr rate a night 2 1 0" in text
    assert "What do these mean in «status»?" in text and "2 rows would be refused." in text
    assert "2 rows: status, no status of a stay known here" in text


def test_what_was_said_of_a_value_holds_for_the_next_file_and_can_be_taken_back(
    marta: Browser, database: Database, clock: Imports
) -> None:
    said = {
        "meaning:status:Gone": "checked_out",
        "meaning:country:Atlantis": "Cape Verde",
        "meaning:language:perhaps": "-",
        "meaning:email_consent:maybe": "no",
        "meaning:property:Lisbon House": "LIS",
        "meaning:channel:nobody": "",
    }
    start(marta, drop(marta, table(line(1, property="Lisbon House"), STRANGE)), said)
    assert clock.step(NOW) == 1
    query = "select reservation, status, property from stay order by 1"
    assert rows_of(database, query) == [("LIS-1", "checked_out", "LIS"), ("LIS-2", "checked_out", "LIS")]
    assert ("refused",) in rows_of(database, "select state from consent_claim where channel = 'email'")
    again = drop(marta, table(STRANGE | {"reservation_no": "LIS-3"}))
    assert "Read as the last file from «pms» was." in words(again)
    assert 'value="CV"' in again.get_data(as_text=True) and "«Gone»" not in words(again).split("What was understood")[1]
    source = marta.get("/segments/imports/sources/pms")
    assert "status gone checked out" in words(source) and "country atlantis Cape Verde" in words(source)
    forgotten = marta.post("/segments/imports/sources/pms/meanings/forget", {"field": "status", "value": "gone"})
    assert "status gone" not in words(forgotten) and "atlantis" in words(forgotten)
    assert "What do these mean in «status»?" in words(drop(marta, table(STRANGE)))
    marta.post("/segments/imports/sources/pms/forget")
    assert marta.get("/segments/imports/sources/pms").status_code == 404


def test_what_was_said_holds_for_the_watched_folder_too(
    marta: Browser, database: Database, clock: Imports, config: Config
) -> None:
    start(marta, drop(marta, table(line(1))), {"meaning:status:Gone": "no_show"})
    clock.step(NOW)
    assert config.watched
    config.watched.mkdir()
    (config.watched / "pms.csv").write_bytes(table(line(2, status="GONE ")))
    for seconds in (10, 13, 20):
        clock.step(NOW + timedelta(seconds=seconds))
    assert rows_of(database, "select status from stay where reservation = 'LIS-2'") == [("no_show",)]


def test_rows_whose_status_is_none_of_a_stay_are_left_out_and_counted(
    marta: Browser, database: Database, clock: Imports
) -> None:
    page = drop(marta, table(line(1), line(2, status="Quote")))
    start(marta, page, {"meaning:status:Quote": "left_out"})
    clock.step(NOW)
    assert rows_of(database, "select reservation from stay") == [("LIS-1",)]
    assert "1 row: status, left out, as was said of this status" in words(marta.get(page.request.path))


def test_a_file_that_lacks_hotel_status_and_days_is_read_with_what_stands_for_every_row(
    marta: Browser, database: Database, clock: Imports
) -> None:
    lacks = ("property", "status", "status_date", "booked_on")
    page = drop(marta, table(line(1, arrival="2016-03-10"), without=lacks))
    text = words(page)
    assert "What the file does not say" in text and "No column was found for it: choose one." in text
    assert start(marta, page).status_code == 422
    said = {
        "constant:property": "SHA",
        "constant:status": "checked_out",
        "constant:status_date": "departure",
        "constant:booked_on": "arrival",
    }
    shown = marta.post(f"{page.request.path}/mapping", {"source": "departures", **said})
    assert "LIS-1 SHA checked out Mar 10, 2016 Mar 10, 2016 Mar 13, 2016" in words(shown)
    start(marta, page, {"source": "departures", **said})
    assert clock.step(NOW) == 1
    query = "select property, status, checked_out_on::text, booked_on::text from stay"
    assert rows_of(database, query) == [("SHA", "checked_out", "2016-03-13", "2016-03-10")]
    again = drop(marta, table(line(2), without=lacks), source="departures")
    assert "LIS-2 SHA checked out" in words(again)


def test_the_only_hotel_that_somebody_has_stands_for_every_row(marta: Browser, database: Database) -> None:
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    assert "LIS-1 LIS checked out" in words(drop(marta, table(line(1), without=("property",))))


def test_a_constant_that_makes_no_sense_keeps_the_file_from_being_read(marta: Browser) -> None:
    page = drop(marta, table(line(1), without=("status_date",)))
    refused = start(marta, page, {"constant:status_date": "soon"})
    assert refused.status_code == 422 and "This cannot stand for every row." in words(refused)


def test_today_is_the_day_at_the_hotel_on_which_the_file_was_handed_in() -> None:
    today = today_at({"SHA": "Asia/Shanghai", "LIS": "Europe/Lisbon"}, AT - timedelta(hours=2))
    assert (today("SHA").isoformat(), today("LIS").isoformat()) == ("2017-01-01", "2016-12-31")


def test_a_file_with_the_headings_of_a_source_is_read_as_its_files_are(marta: Browser, clock: Imports) -> None:
    content = table(line(1)).replace(b"reservation_no", b"Zimmernummer")
    start(marta, drop(marta, content, "front-office"), {"source": "front-office", "column:reservation": "Zimmernummer"})
    clock.step(NOW)
    of_itself = drop(marta, content.replace(b"LIS-1", b"LIS-2"), source="")
    assert "Read as the last file from «front-office» was." in words(of_itself) and "LIS-2 LIS" in words(of_itself)
    other = drop(marta, content.replace(b"LIS-1", b"LIS-3"), source="pms")
    assert "Its columns are those of files from «front-office»." in words(other)
    like = marta.post(f"{other.request.path}/source", {"source": "front-office"})
    assert "LIS-3 LIS checked out" in words(like)


def test_the_report_counts_rows_not_reasons_and_keeps_nobodys_name(
    marta: Browser, database: Database, clock: Imports
) -> None:
    slipped = line(4, status="Ferdinanda", arrival="", departure="soon", country="Ferdinanda")
    page = drop(marta, table(line(1), STRANGE, line(3, status="Gone"), slipped, line(5, country="Ferdinanda")))
    start(marta, page)
    clock.step(NOW)
    text = words(marta.get(page.request.path))
    assert "Refused rows 3" in text
    assert "3 rows: status, no status of a stay known here" in text and "1 row: arrival, missing" in text
    assert "«Gone» in 2 rows" in text
    ((counts,),) = rows_of(database, "select counts from import_file")
    kept = json.dumps(counts) + str(rows_of(database, "select value from import_reject"))
    assert "Cantu" not in kept and "rita@" not in kept
    status = next(column for column in counts["columns"] if column["field"] == "status")
    assert {one["text"] for one in status["unknown"]} == {"Gone", "F•••••••••"}


def test_a_rate_that_is_not_used_and_a_birth_after_the_booking_are_counted(database: Database, tmp_path: Path) -> None:
    rows = [line(n, adr="80", last_name=f"N{n}") for n in range(1, 30)]
    odd = [line(30, adr="9000000", last_name="Odd"), line(31, birth_date="2020-01-01", last_name="Late")]
    done = import_reservations(database, write(tmp_path / "a.csv", [*rows, *odd]), ImportMapping(), AT)
    by_field = {column["field"]: column for column in done.columns}
    assert by_field["rate"]["not_understood"] == 1 and by_field["rate"]["doubted"][0]["rows"] == 1
    assert by_field["birth_date"]["doubted"] == ({"reason": "born after the day of booking", "rows": 1},)
    assert by_field["rate"]["understood"] == 30 and done.rejected == 0


def test_totals_stay_exact_where_a_column_has_more_values_than_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_KNOWN", 10)
    monkeypatch.setattr(tally, "MOST_UNKNOWN", 5)
    column = Column(lambda text: None if text.startswith("?") else text)
    for number in range(100):
        for text in (f"v{number}", f"?{number}", "?often", ""):
            (column.values.get(text) or column.learn(text)).rows += 1
    unknown, unlisted = column.unknown()
    assert column.understood == 100 and column.empty == 100 and unknown.total() + unlisted == 200
    assert unknown["?often", ""] == 100


def test_a_draft_that_nobody_started_ends_and_says_so(marta: Browser, clock: Imports, config: Config) -> None:
    page = drop(marta, table(line(1)))
    assert "If nobody starts it within 7 days, the file is removed." in words(page)
    clock.step(NOW + timedelta(days=6))
    assert len(list(config.imports.iterdir())) == 1
    clock.step(NOW + timedelta(days=8))
    assert list(config.imports.iterdir()) == []
    text = words(marta.get(page.request.path))
    assert "Nothing was imported." in text and "Nobody started it within 7 days; the file was removed." in text
    assert start(marta, page).status_code == 200 and clock.step(NOW + timedelta(days=8, hours=2)) == 0


def test_who_is_limited_to_a_hotel_changes_no_sources_meanings(
    marta: Browser, database: Database, clock: Imports
) -> None:
    start(marta, drop(marta, table(STRANGE)), {"meaning:status:Gone": "checked_out"})
    clock.step(NOW)
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    assert "belongs to all hotels" in words(marta.get("/segments/imports/sources/pms"))
    value = {"field": "status", "value": "gone"}
    assert marta.post("/segments/imports/sources/pms/meanings/forget", value).status_code == 403
    assert marta.post("/segments/imports/sources/pms/forget").status_code == 403


def test_a_file_of_a_program_limited_to_a_hotel_opens_no_guest_of_another(
    marta: Browser, database: Database, clock: Imports
) -> None:
    start(marta, drop(marta, table(line(1, property="SHA"))))
    clock.step(NOW)
    ((shanghais,),) = rows_of(database, "select id from guest")
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    start(marta, page := drop(marta, table(line(2))))
    with database.transaction() as tx:
        tx.execute("update import_file set origin = 'program' where state = 'queued'")
    clock.step(NOW)
    ((lisbons,),) = rows_of(database, "select guest_id from stay where property = 'LIS'")
    assert lisbons != shanghais and marta.get(f"/segments/guests/{shanghais}").status_code == 404
    assert rows_of(database, "select count(*) from possible_duplicate") == [(1,)]
    assert "Possible duplicates" not in words(marta.get(page.request.path))


def test_columns_and_meanings_speak_chinese(database: Database, config: Config) -> None:
    ada = visitor(database, config, ADA)
    page = drop(ada, table(line(1), STRANGE))
    text = words(ada.get(page.request.path, headers={"Accept-Language": "zh"}))
    assert "“status”列中的这些值是什么意思？" in text and "每一列的理解情况" in text and "将有 1 行被拒绝" in text


def test_nothing_is_kept_for_fields_that_cannot_be_said_for_every_row(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [line(1)])
    with pytest.raises(InputError, match="every row"):
        import_reservations(database, path, ImportMapping(constants={"email_consent": "yes"}), AT)
