"""Bringing in a file: how it would be read, what is asked, what became of it."""

from __future__ import annotations

import gzip
import json
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.service import SERVICE
from services.segments.store.imports import files as import_files
from services.segments.store.imports.runs import claim_imports
from shared.access.scope import EVERYWHERE
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.web.config import WebConfig
from tests.cast import ADA, DINA, MARTA, NOW
from tests.segments.rows import rows_of
from tests.segments.test_import import HEADER, line, write
from tests.web import Browser, browser, words

CLOCK = VirtualClock(NOW)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "imports", watched=tmp_path / "watched")


@pytest.fixture
def marta(database: Database, config: Config) -> Browser:
    marta = browser(SERVICE.build_web, config, database, MARTA, web=WebConfig(gateway="http://127.0.0.1:9"))
    marta.get("/segments/imports")
    return marta


@pytest.fixture
def clock(database: Database, config: Config) -> Imports:
    return Imports(database, config, CLOCK)


def export(tmp_path: Path, *lines: dict[str, str], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    return write(tmp_path / "export.csv", lines, separator=separator, encoding=encoding).read_bytes()


def drop(marta: Browser, content: bytes, name: str = "export.csv", source: str = "pms") -> TestResponse:
    return marta.post("/segments/imports", {"file": (BytesIO(content), name), "source": source})


def start(marta: Browser, page: TestResponse, **more: str) -> TestResponse:
    values = {"source": "pms", "yes": "unknown", "no": "refused", **{k.replace("__", ":"): v for k, v in more.items()}}
    return marta.post(f"{page.request.path}/start", values)


def test_a_file_is_shown_as_understood_before_anything_is_imported(
    marta: Browser, database: Database, tmp_path: Path
) -> None:
    text = words(drop(marta, gzip.compress(export(tmp_path, line(1), line(2, status="maybe"))), "C:\\x\\export.csv.gz"))
    assert "Nothing is imported yet." in text and "x\\export.csv.gz" not in text
    assert "LIS-1 LIS checked out Mar 1, 2016 Mar 10, 2016 Mar 13, 2016 Rita Cantu" in text
    assert "r•••@e•••.com" in text and "rita@example.com" not in text
    assert "status: no status of a stay known here" in text
    assert "The file has 2 rows." in text
    assert "card_number" not in text
    assert rows_of(database, "select count(*) from guest") == [(0,)]


def test_an_import_runs_by_the_clock_and_its_result_waits(
    marta: Browser, clock: Imports, config: Config, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1), line(2, arrival="soon", departure=""), line(3, property="XXX")))
    assert "XXX 1 row" in words(page)
    assert clock.next_due() is None and clock.step(NOW) == 0
    waits = start(marta, page)
    assert "It begins by itself" in words(waits) and "every 2s" in waits.get_data(as_text=True)
    assert "Import: reading" in words(marta.get("/segments/imports/under-way"))
    assert clock.next_due() == NOW and clock.step(NOW) == 1
    done = marta.get(page.request.path)
    text = words(done)
    assert "Guests 1 new" in text and "Stays 1 new" in text and "Refused rows 2" in text
    assert "3 arrival not a date" in text and "4 hotel code no hotel of this code is known" in text
    csv = marta.get(f"{page.request.path}/rejects.csv").get_data(as_text=True).splitlines()
    assert csv[0] == "line,field,reason,value" and csv[1] == "3,arrival,not a date,s•••" and len(csv) == 4
    assert marta.get("/segments/imports/under-way").get_data() == b""
    assert list(config.imports.iterdir()) == []
    assert "done" in words(marta.get("/segments/imports"))


def test_the_file_again_says_that_nothing_changed(marta: Browser, clock: Imports, tmp_path: Path) -> None:
    content = export(tmp_path, line(1))
    for _ in range(2):
        page = drop(marta, content)
        start(marta, page)
        CLOCK.advance_to(CLOCK.now() + timedelta(seconds=1))
        assert clock.step(CLOCK.now()) == 1
        marta.app.extensions["guestloop"].clock.advance_to(
            marta.app.extensions["guestloop"].now() + timedelta(seconds=1)
        )
    assert "Nothing changed: all that could be read was known already." in words(marta.get(page.request.path))


def test_dates_that_can_be_read_two_ways_are_asked(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1, departure="2016-04-03", status_date="4/3/2016")))
    assert "Which comes first, the day or the month?" in words(page)
    refused = start(marta, page)
    assert refused.status_code == 422 and "A question is still open" in words(refused)
    assert clock.step(NOW) == 0
    start(marta, page, date__status_date="mdy")
    assert clock.step(NOW) == 1
    assert str(rows_of(database, "select checked_out_on from stay")[0][0]) == "2016-04-03"


def test_amounts_that_fit_two_readings_are_asked_with_both_and_the_answer_is_remembered(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1, adr="1,234"), line(2, adr="€ 95")))
    assert "a decimal point: 1,234 = €1,234.00" in words(page)
    assert "a decimal comma: 1,234 = €1.23" in words(page) and "€1,234.00 a night" in words(page)
    assert "A question is still open" in words(start(marta, page))
    start(marta, page, number__rate=",")
    assert clock.step(NOW) == 1
    assert [str(rate) for (rate,) in rows_of(database, "select rate from stay order by 1")] == ["1.23", "95"]
    again = drop(marta, export(tmp_path, line(3, adr="7,500")))
    assert 'value="," checked' in again.get_data(as_text=True)


def test_consent_is_asked_each_time_with_the_careful_default(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    for number in (1, 2):
        page = drop(marta, export(tmp_path, line(number, email=f"g{number}@example.com", last_name=f"Name{number}")))
        text = page.get_data(as_text=True)
        assert "What do yes and no mean" in text
        assert 'value="unknown" checked' in text.replace("\n", "") and 'value="refused" checked' in text
        start(marta, page, yes="express")
        clock.step(NOW)
    assert set(rows_of(database, "select state from consent_claim where channel = 'email'")) == {("express",)}


def test_columns_under_other_names_are_chosen_and_remembered(marta: Browser, clock: Imports, tmp_path: Path) -> None:
    content = export(tmp_path, line(1)).replace(b"reservation_no", "流水".encode()).replace(b"arrival", b"Kommt")
    page = drop(marta, content, source="hotel-x")
    assert "No column was found for it: choose one." in words(page)
    chosen = {"column:reservation": "流水", "column:arrival": "Kommt", "source": "hotel-x"}
    shown = marta.post(f"{page.request.path}/mapping", chosen)
    assert "LIS-1 LIS checked out" in words(shown)
    marta.post(f"{page.request.path}/start", chosen)
    assert clock.step(NOW) == 1
    again = drop(marta, content.replace(b"LIS-1", b"LIS-2"), source="hotel-x")
    assert "LIS-2 LIS checked out" in words(again)


@pytest.mark.parametrize(
    ("content", "source", "says"),
    [
        (b"", "pms", "Choose a CSV file"),
        (b"\x1f\x8bnot really gzipped", "pms", "The file is damaged"),
        (HEADER.encode(), "my source!", "Letters, digits and hyphens"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(
    marta: Browser, config: Config, content: bytes, source: str, says: str
) -> None:
    refused = drop(marta, content, source=source)
    assert refused.status_code == 422 and says in words(refused)
    assert not config.imports.exists() or list(config.imports.iterdir()) == []


def test_a_damaged_file_fails_in_words_and_stops_nobody(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1)))
    start(marta, page)
    place = Path(rows_of(database, "select place from import_file")[0][0])
    packed = gzip.compress(export(tmp_path, line(1)))
    place.write_bytes(packed[:40] + b"\xff" * 40 + packed[80:])
    assert clock.step(NOW) == 1
    assert "The file is damaged" in words(marta.get(page.request.path))
    assert clock.step(NOW) == 0


def test_a_killed_import_goes_on_and_one_that_kills_its_worker_is_given_up(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1)))
    start(marta, page)
    with database.transaction() as tx:
        import_files.begin(tx, import_files.newest(tx, 1, EVERYWHERE)[0].id, NOW)  # and there the worker dies
    assert clock.step(NOW) == 1
    assert "The import was interrupted and went on" in words(marta.get(page.request.path))
    other = drop(marta, export(tmp_path, line(2)))
    start(marta, other)
    with database.transaction() as tx:
        tx.execute("update import_file set state = 'running', starts = 5 where state = 'queued'")
    assert clock.step(NOW) == 1
    assert "It was begun 5 times and never finished" in words(marta.get(other.request.path))


def test_while_another_import_runs_a_file_waits(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    start(marta, drop(marta, export(tmp_path, line(1))))
    with database.transaction() as other:
        claim_imports(other)
        assert clock.step(NOW) == 0
    assert clock.step(NOW) == 1


def test_a_draft_is_discarded_by_hand_or_after_a_week(
    marta: Browser, clock: Imports, config: Config, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1)))
    assert "Discarded" in words(marta.post(f"{page.request.path}/discard"))
    assert marta.get(page.request.path).status_code == 404 and list(config.imports.iterdir()) == []
    drop(marta, export(tmp_path, line(1)))
    clock.step(NOW + timedelta(days=8))
    assert list(config.imports.iterdir()) == []


def test_who_is_limited_to_a_hotel_brings_its_rows_and_sees_no_other_file(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    others = drop(marta, export(tmp_path, line(1)), "everybody.csv")
    start(marta, others)
    clock.step(NOW)
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    assert "everybody.csv" not in words(marta.get("/segments/imports"))
    assert marta.get(others.request.path).status_code == 404
    assert marta.post(f"{others.request.path}/discard").status_code == 404
    page = drop(marta, export(tmp_path, line(2), line(3, property="SHA")), "mine.csv")
    assert "SHA 1 row These hotels are not yours" in words(page)
    start(marta, page)
    clock.step(NOW)
    done = words(marta.get(page.request.path))
    assert "3 hotel code a row of a hotel that is not yours" in done
    assert rows_of(database, "select reservation from stay order by 1") == [("LIS-1",), ("LIS-2",)]


def test_a_file_by_somebody_of_one_hotel_opens_no_guest_of_another(
    marta: Browser, database: Database, config: Config, clock: Imports, tmp_path: Path
) -> None:
    start(marta, drop(marta, export(tmp_path, line(1, property="SHA"))))
    clock.step(NOW)
    ((shanghais,),) = rows_of(database, "select id from guest")
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    assert marta.get(f"/segments/guests/{shanghais}").status_code == 404
    start(marta, drop(marta, export(tmp_path, line(2), line(3))))
    clock.step(NOW)
    assert marta.get(f"/segments/guests/{shanghais}").status_code == 404
    ((lisbons, stays),) = rows_of(database, "select guest_id, count(*) from stay where property = 'LIS' group by 1")
    assert stays == 2 and lisbons != shanghais  # the second row is joined to the guest that the first one made
    assert marta.get(f"/segments/guests/{lisbons}").status_code == 200
    assert rows_of(database, "select count(*) from possible_duplicate") == [(1,)]
    ada = browser(SERVICE.build_web, config, database, ADA, web=WebConfig(gateway="http://127.0.0.1:9"))
    assert str(shanghais) in ada.get(f"/segments/guests/{lisbons}").get_data(as_text=True)
    assert str(shanghais) not in marta.get(f"/segments/guests/{lisbons}").get_data(as_text=True)


def test_what_is_done_with_an_import_is_noted(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    page = drop(marta, export(tmp_path, line(1), line(2, status="maybe")))
    marta.post(f"{page.request.path}/mapping", {"source": "pms", "yes": "express", "no": "refused"})
    marta.post(f"{page.request.path}/mapping", {"source": "pms", "yes": "express", "no": "refused"})  # nothing new
    marta.post(f"{page.request.path}/discard")
    page = drop(marta, export(tmp_path, line(1), line(2, status="maybe")))
    start(marta, page)
    clock.step(NOW)
    marta.get(f"{page.request.path}/rejects.csv")
    said = "select convert_from(body, 'utf8') from outbox where type = 'audit.recorded.v1' order by id"
    noted = rows_of(database, said)
    actions = [json.loads(body)["action"][0] for (body,) in noted]
    looked = actions.count("rows.listed")  # each time rows of the file were shown, though shortened
    assert looked == 4
    assert [one for one in actions if one != "rows.listed"] == [
        "import.mapping_changed", "import.discarded", "import.started", "import.rejects_saved"
    ]  # fmt: skip


def test_a_file_whose_row_is_gone_does_not_outlive_it(clock: Imports, config: Config) -> None:
    config.imports.mkdir(parents=True, exist_ok=True)
    old, fresh = config.imports / "left.csv", config.imports / "arriving.csv"
    for path in (old, fresh):
        path.write_text("x")
    long_ago = (NOW - timedelta(hours=2)).timestamp()
    os.utime(old, (long_ago, long_ago))
    clock.step(NOW)
    assert [path.name for path in config.imports.iterdir()] == ["arriving.csv"]


def test_the_same_start_twice_imports_once(marta: Browser, database: Database, clock: Imports, tmp_path: Path) -> None:
    page = drop(marta, export(tmp_path, line(1)))
    start(marta, page)
    start(marta, page)
    assert clock.step(NOW) == 1 and clock.step(NOW) == 0
    assert marta.post(f"{page.request.path}/discard").status_code == 409
    assert rows_of(
        database, "select count(*) from outbox where convert_from(body, 'utf8') like '%import.started%'"
    ) == [(1,)]


def test_who_brings_no_data_sees_no_imports(database: Database, config: Config) -> None:
    dina = browser(SERVICE.build_web, config, database, DINA)
    assert dina.get("/segments/imports").status_code == 403
    assert dina.get("/segments/imports/under-way").get_data() == b""


def test_the_page_speaks_chinese_and_teaches_when_empty(database: Database, config: Config) -> None:
    ada = browser(SERVICE.build_web, config, database, ADA)
    assert "None yet. Begin with the largest export" in words(ada.get("/segments/imports"))
    assert "导入宾客与住店记录" in words(ada.get("/segments/imports", headers={"Accept-Language": "zh"}))


def watched(config: Config, name: str, content: bytes) -> Path:
    assert config.watched is not None
    path = config.watched / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_watched_file_that_stopped_growing_is_imported_and_set_aside(
    marta: Browser, database: Database, clock: Imports, config: Config, tmp_path: Path
) -> None:
    start(marta, drop(marta, export(tmp_path, line(1))))
    clock.step(NOW)
    path = watched(config, "pms-2026-11-21.csv", export(tmp_path, line(2)))
    for seconds in (10, 13):  # still growing
        clock.step(NOW + timedelta(seconds=seconds))
        path.write_bytes(export(tmp_path, *(line(n) for n in range(2, 3 + seconds))))
    assert rows_of(database, "select count(*) from stay") == [(1,)]
    path.write_bytes(export(tmp_path, line(2), line(3, status="maybe")))
    for seconds in (16, 22, 25):
        clock.step(NOW + timedelta(seconds=seconds))
    assert rows_of(database, "select count(*) from stay") == [(2,)]
    done = path.parent / "done"
    assert sorted(one.name for one in done.iterdir()) == ["pms-2026-11-21.csv", "pms-2026-11-21.csv.rejects.csv"]
    assert (done / "pms-2026-11-21.csv.rejects.csv").read_text().splitlines()[1].startswith("3,status,")


def test_a_watched_file_of_an_unknown_source_is_set_aside_with_the_reason(clock: Imports, config: Config) -> None:
    path = watched(config, "someone/else.csv", b"a,b\n1,2\n")
    for seconds in (0, 3, 6, 9):
        clock.step(NOW + timedelta(seconds=seconds))
    assert (path.parent / "failed" / "else.csv").exists() and not path.exists()
    assert "no saved mapping fits" in (path.parent / "failed" / "else.csv.rejects.csv").read_text()


def test_a_simulation_leaves_the_watched_folder_alone(clock: Imports, config: Config) -> None:
    watched(config, "pms.csv", b"a,b\n1,2\n")
    assert clock.next_due() is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"a" * (4 << 20)), "its first line does not end"),
        (gzip.compress(b"a,b\n1,2\n")[:10] + b"\xff" * 20, "The file is damaged"),
    ],
    ids=["one endless line", "damaged"],
)
def test_a_packed_file_that_cannot_be_unpacked_is_refused_and_not_kept(
    marta: Browser, config: Config, content: bytes, says: str
) -> None:
    answer = drop(marta, content)
    assert answer.status_code == 422 and says in words(answer)
    assert list(config.imports.iterdir()) == []


def test_the_report_says_which_contacts_reach_nobody_and_why(
    marta: Browser, database: Database, clock: Imports, tmp_path: Path
) -> None:
    lines = [
        line(1, phone="+351 21 123 4567"),
        line(2, phone="8.6E12", email="'rita@example.com;"),
        line(3, phone="800 200 100", email="rita at example"),
        line(4, phone="21 123 4567"),
    ]
    page = drop(marta, export(tmp_path, *lines))
    start(marta, page)
    assert clock.step(NOW) == 1
    text = words(marta.get(page.request.path))
    assert "Addresses and numbers that reach nobody" in text
    assert "is a landline, which gets no text messages 2" in text
    assert "was rounded by a spreadsheet: its last digits are lost 1" in text
    assert "is a freephone, premium or service number, which gets no text messages 1" in text
    assert "is no e-mail address 1" in text
    kept = rows_of(database, "select address_sealed from contact_point where fault is null")
    assert [database.keyring.open(address, Sealing.CONTACT) for (address,) in kept] == ["rita@example.com"]
