"""The command line beside `up`: what it says of an installation, and that it is right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from csv import DictReader
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any
from zipfile import ZipFile

import pytest

from guestloop.cli import COMMANDS, main
from guestloop.generated.export import write_export
from guestloop.operations.connect import connect
from services.messaging.store.senders.rows import add
from shared.bus.dead_letters import of_message, store_dead_letters
from shared.clock import SystemClock
from shared.ids import make_id
from tests.command_line import guestloop
from tests.messaging.test_house_senders import sender

ROWS = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which an export was imported."""
    folder = tmp_path_factory.mktemp("installation")
    write_export(folder / "reservations.csv", rows=ROWS)
    assert guestloop(folder, "import", str(folder / "reservations.csv")).returncode == 0
    return folder


def said(folder: Path, *arguments: str) -> Mapping[str, object]:
    done = guestloop(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    answer: Mapping[str, object] = json.loads(done.stdout)
    return answer


def test_the_program_ends_as_the_command_did(home: Path) -> None:
    program = [str(Path(sys.executable).parent / "guestloop"), "status", "--json"]
    environment = {**os.environ, "GUESTLOOP_HOME": str(home / "home")}
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and json.loads(done.stdout)["segments"]["stays"] == ROWS
    nowhere = subprocess.run(program, env={**environment, "GUESTLOOP_HOME": "x"}, capture_output=True, text=True)
    assert nowhere.returncode == 1 and "There is no installation here" in nowhere.stderr


def test_status_counts_what_was_imported_and_that_nothing_waits(home: Path) -> None:
    found = said(home, "status")
    segments = found["segments"]
    assert isinstance(segments, dict)
    assert segments["stays"] == ROWS and 0 < segments["guests"] <= ROWS
    assert segments["to send"] == segments["dead letters"] == 0


def test_a_list_of_opt_outs_is_looked_at_and_then_closed(home: Path) -> None:
    exported = (home / "reservations.csv").read_text(encoding="utf-8").splitlines()
    place = exported[0].split(",").index("email")
    address = next(cells[place] for line in exported[1:] if "@" in (cells := line.split(","))[place])
    lines = f"Prénom;Courriel;Désabonné\nZoé;{address};3/4/2016\nX;nobody@example.com;\nY;x;\n"
    (home / "gone.csv").write_bytes(lines.encode("cp1252"))
    seen = said(home, "opt-outs", "gone.csv", "--dry-run")
    assert (seen["new"], seen["known_of_nobody"]) == (2, 1)
    assert seen["columns"] == {"Courriel": "email", "Désabonné": "date"}
    assert seen["closes_nothing"] == [{"why": "email", "detail": "no_address", "entries": 1}]
    refused = guestloop(home, "opt-outs", "gone.csv")
    assert refused.returncode == 1 and "--dates: say which is meant: dmy («3/4/2016 = 2016-04-03»)" in refused.stderr
    assert said(home, "opt-outs", "gone.csv", "--dates", "dmy")["new"] == 2, "looking closed nothing"


def test_reviews_are_looked_at_first_and_kept_once(home: Path) -> None:
    file = "评论编号,点评日期,评分,点评内容\n1,2016-03-01,4.5,房间很干净\n2,2016-03-02,x,隔音很差\n"
    (home / "reviews.csv").write_bytes(file.encode("gb18030"))
    hotel = ("--hotel", "LIS", "--source", "tripadvisor")
    seen = said(home, "reviews", "reviews.csv", *hotel, "--dry-run")
    assert (seen["made"], seen["encoding"], seen["scales"]) == (1, "gb18030", {"tripadvisor": 5})
    assert seen["rejected"] == [{"why": "rating", "lines": 1}]
    assert said(home, "reviews", "reviews.csv", *hotel)["made"] == 1, "looking kept nothing"
    assert said(home, "reviews", "reviews.csv", *hotel)["unchanged"] == 1
    asked = guestloop(home, "reviews", "reviews.csv", "--hotel", "LIS", "--source", "elsewhere")
    assert asked.returncode == 1 and "--scale" in asked.stderr


def test_export_writes_every_stay_once_and_closes_folder_and_files(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written = said(home, "export", str(folder))
    assert written["stays.jsonl"] == ROWS
    lines = [json.loads(line) for line in (folder / "stays.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({line["stay_id"] for line in lines}) == ROWS
    assert [path.name for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077] == []
    again = guestloop(home, "export", str(folder))
    assert again.returncode == 1 and "exists already" in again.stderr


def test_export_writes_one_guests_file_and_counts_its_rows(home: Path, tmp_path: Path) -> None:
    stays = (home / "reservations.csv").read_text(encoding="utf-8").splitlines()
    number = stays[1].split(",")[stays[0].split(",").index("reservation_no")]
    folder = tmp_path / "one"
    written = said(home, "export", "guest", number, "--to", str(folder))
    assert number in (folder / "guest.html").read_text(encoding="utf-8")
    rows = written["rows"]
    assert isinstance(rows, dict) and rows["segments"] > 0


def test_retention_says_how_much_would_go(home: Path) -> None:
    counts = said(home, "retention", "--dry-run")
    assert set(counts) == {"segments", "campaigns", "messaging", "feedback", "console"}
    segments = counts["segments"]
    assert isinstance(segments, dict) and segments["import_file"] == 0


def test_republish_fills_a_read_model_that_was_lost(home: Path) -> None:
    environment = {**os.environ, "GUESTLOOP_HOME": str(home / "home")}

    def known() -> int:
        with (
            connect(environment, SystemClock()) as installation,
            installation.group.database("messaging").transaction() as tx,
        ):
            row = tx.execute("select count(*) from recipient where version > 0").fetchone()
            return int(row[0]) if row else 0

    before = known()
    with (
        connect(environment, SystemClock()) as installation,
        installation.group.database("messaging").transaction() as tx,
    ):
        tx.execute("truncate recipient cascade")
    assert before > 0 and known() == 0
    assert said(home, "republish", "guests")["guests"] == before
    assert known() == before


def test_erase_prints_the_certificate_of_all_five_services_and_erases_once(home: Path) -> None:
    folder = home / "home"
    environment = {**os.environ, "GUESTLOOP_HOME": str(folder)}
    with connect(environment, SystemClock()) as one, one.group.database("segments").transaction() as tx:
        row = tx.execute("select reservation, guest_id from stay order by reservation limit 1").fetchone()
    assert row is not None
    reservation, guest = row
    refused = guestloop(home, "erase", reservation)
    assert refused.returncode == 1 and "add --yes" in refused.stderr
    unknown = guestloop(home, "erase", "nobody@example.com", "--yes")
    assert unknown.returncode == 1 and "nobody is known" in unknown.stderr
    proof = said(home, "erase", reservation, "--yes")
    assert str(guest) in proof["guests"]  # type: ignore[operator]
    done, erased = proof["done"], proof["rows"]
    assert isinstance(done, dict) and set(done) == {"segments", "campaigns", "messaging", "feedback", "console"}
    assert isinstance(erased, dict) and erased["segments"]["guest"] == 1 and erased["messaging"]["recipient"] == 1
    assert said(home, "erase", str(guest), "--yes")["rows"] == erased, "done again, it says what was done"
    assert (folder / "erasures").read_text().count("\n") == 1
    restored = guestloop(home, "restored")
    assert "1 erasures are on the list: 0 guests were back" in restored.stdout


def test_republish_names_what_can_be_said_again(home: Path) -> None:
    done = guestloop(home, "republish", "weather")
    assert done.returncode == 1 and "guests, stays, erasures" in done.stderr


def test_check_finds_a_sound_installation_sound(home: Path) -> None:
    done = guestloop(home, "check")
    assert done.returncode == 0, done.stdout
    assert "database of messaging: answers, schema up to date" in done.stdout


def test_check_lists_the_senders_that_were_set_up_on_screen(home: Path) -> None:
    environment, clock = {**os.environ, "GUESTLOOP_HOME": str(home / "home")}, SystemClock()
    mail = sender("Mail of Lisbon")
    with connect(environment, clock) as one, one.group.database("messaging").transaction() as tx:
        add(tx, mail, None)
    assert "sender «Mail of Lisbon» (email): on" in guestloop(home, "check").stdout
    with connect(environment, clock) as one, one.group.database("messaging").transaction() as tx:
        tx.execute(
            """
            insert into sender_health (sender_id, failures, resting_until, trouble_reason)
            values (%s, 1, %s, 'refused')
            """,
            [mail.sender_id, clock.now() + timedelta(hours=1)],
        )
    done = guestloop(home, "check")
    assert done.returncode == 1 and "it rests after a failure (refused)" in done.stdout


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"GUESTLOOP_EMAIL": "pigeon"}, "GUESTLOOP_EMAIL must be sandbox or smtp"),
        ({"GUESTLOOP_EMAIL": "smtp"}, "GUESTLOOP_MAIL_FROM is not set"),
        ({"GUESTLOOP_PORT": "eighty"}, "GUESTLOOP_PORT must be a number"),
        ({"GUESTLOOP_ORIGIN": "hotel"}, "GUESTLOOP_ORIGIN must be an address"),
        ({"GUESTLOOP_BROKER": "amqp://guest:guest@127.0.0.1:9/"}, "RabbitMQ does not answer"),
        ({"GUESTLOOP_SEGMENTS_DATABASE": "host=127.0.0.1 port=9"}, "GUESTLOOP_KEYS is not set"),
    ],
    ids=["channel", "missing", "port", "origin", "broker", "keys"],
)
def test_check_says_what_is_wrong_and_what_to_do(home: Path, settings: dict[str, str], says: str) -> None:
    done = guestloop(home, "check", **settings)
    assert done.returncode == 1
    assert says in done.stdout and "WRONG" in done.stdout
    assert "Traceback" not in done.stderr


def test_migrate_finds_nothing_to_do(home: Path) -> None:
    assert said(home, "migrate") == {name: [] for name in ("segments", "campaigns", "messaging", "feedback", "console")}


def test_letters_and_unclear_messages_are_worked_off_by_the_set(home: Path) -> None:
    environment, clock = {**os.environ, "GUESTLOOP_HOME": str(home / "home")}, SystemClock()
    told = {"republished": False, "at": clock.now()}
    with connect(environment, clock) as one, one.group.database("messaging").transaction() as tx:
        letters = [
            of_message("guests", make_id(str(n)), "guest.changed.v1", b"{", reason=why, **told)  # type: ignore[arg-type]
            for n, why in enumerate(("not JSON", "not JSON", "too long"))
        ]
        store_dead_letters(tx, letters)
    kinds: Any = said(home, "letters", "list", "--reason", "json")["messaging"]
    (kind,) = kinds
    assert (kind["count"], kind["reason"], kind["type"]) == (2, "not JSON", "guest.changed.v1")
    replayed = guestloop(home, "letters", "replay", "--service", "messaging")
    assert (replayed.returncode, replayed.stdout) == (1, "messaging: 0 of 3 applied\n")
    everything = guestloop(home, "letters", "drop")
    assert everything.returncode == 1 and "say which are to be dropped" in everything.stderr
    assert guestloop(home, "letters", "drop", "--all", "--yes").stdout == "messaging: 3 of 3 dropped\n"
    settled = guestloop(home, "unclear", "settle", "arrived", "--since", "2026-01-01")
    assert (settled.returncode, settled.stdout) == (0, "0 settled\n")


def test_a_diagnosis_says_how_all_is_and_nothing_of_anybody(home: Path, tmp_path: Path) -> None:
    secrets = {
        "GUESTLOOP_SMTP_PASSWORD": "quartz-heron",
        "GUESTLOOP_MAIL_FROM": "desk@alfama.example",
        "GUESTLOOP_BROKER": "amqp://operator:quartz-heron@127.0.0.1:9/",
    }
    environment, clock = {**os.environ, "GUESTLOOP_HOME": str(home / "home")}, SystemClock()
    with connect(environment, clock) as one, one.group.database("feedback").transaction() as tx:
        why = "nobody is reached at ana@guest.example or +351 920 000 001"
        told: Any = {"republished": False, "reason": why, "at": clock.now()}
        letter = of_message("guests", make_id("d"), "guest.changed.v1", b"{", **told)
        store_dead_letters(tx, [letter])
    done = guestloop(home, "diagnose", "-o", str(tmp_path / "d.zip"), **secrets, GUESTLOOP_SMTP_PORT="2525")
    assert done.returncode == 0, done.stderr
    with ZipFile(tmp_path / "d.zip") as archive:
        files = {Path(name).stem: json.loads(archive.read(name)) for name in archive.namelist()}
    assert files.keys() == {"about", "settings", "check", "status", "letters", "unclear", "databases"}
    assert files["settings"]["GUESTLOOP_SMTP_PORT"] == 2525 and files["settings"]["GUESTLOOP_MAIL_FROM"] == "set"
    assert any("RabbitMQ does not answer" in (one["problem"] or "") for one in files["check"])
    assert files["status"]["segments"]["stays"] == ROWS and files["about"]["packages"]["Flask"]
    (kind,) = files["letters"]["feedback"]
    assert kind["reason"] == "nobody is reached at … or …" and kind["count"] == 1
    tables = {one["table"]: one for one in files["databases"]["segments"]["tables"]}
    assert tables["stay"]["bytes"] > 0 and files["databases"]["segments"]["migrations"][0] == "segments/001_guests.sql"
    words = json.dumps(files, ensure_ascii=False)
    with (home / "reservations.csv").open(newline="") as rows:
        cells = {cell for row in DictReader(rows) for cell in row.values() if "@" in cell or cell.startswith("+")}
    assert cells and not [one for one in (*cells, "quartz-heron", "alfama") if one in words]
    assert guestloop(home, "letters", "drop", "--all", "--yes").returncode == 0


def test_where_no_database_answers_a_diagnosis_says_so_without_its_password(tmp_path: Path) -> None:
    lost = {"GUESTLOOP_SEGMENTS_DATABASE": "postgresql://ana:quartz-heron@127.0.0.1:9/segments"}
    done = guestloop(tmp_path, "diagnose", "-o", str(tmp_path / "d.zip"), **lost)
    assert done.returncode == 0, done.stderr
    with ZipFile(tmp_path / "d.zip") as archive:
        told = "".join(archive.read(name).decode() for name in archive.namelist())
        assert json.loads(archive.read("state.json"))["problem"]
    assert "quartz-heron" not in told


@pytest.mark.parametrize("command", ["status", "export x", "republish", "migrate"])
def test_where_there_is_no_installation_one_sentence_says_so(tmp_path: Path, command: str) -> None:
    done = guestloop(tmp_path, *command.split())
    assert done.returncode == 1
    assert "There is no installation here" in done.stderr and "Traceback" not in done.stderr


def test_the_list_of_commands_is_there_before_a_service_is_loaded() -> None:
    code = """
        import sys
        from guestloop.cli import main
        try:
            main(["--help"])
        except SystemExit:
            print([name for name in ("services", "guestloop.composition", "flask", "pika") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True)
    *listed, last = done.stdout.splitlines()
    assert last == "[]"
    assert {line.split()[0] for line in listed if line.startswith("    ")} >= COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    done = guestloop(tmp_path, command, "--help")
    assert done.returncode == 0 and "usage: guestloop" in done.stdout


def test_rates_are_listed_entered_imported_and_taken_back(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUESTLOOP_HOME", str(home / "home"))
    file = tmp_path / "rates.csv"

    def rates(*arguments: str) -> dict[str, Any]:
        assert main(["rates", *arguments, "--json"]) == 0, capsys.readouterr().err
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    file.write_text("from,to,date,rate\nUSD,EUR,2016-03-01,0.9\nGBP,EUR,2016-03-01,1.3\n", encoding="utf-8")
    assert rates("import", str(file), "--source", "ECB")["changed"] == 2
    assert rates("enter", "USD", "eur", "2016-03-01", "0.90") == {"given": 1, "changed": 0, "left": 0}
    assert rates("discard", "GBP", "EUR", "2016-03-01")["changed"] == 1
    known = rates("list", "usd")
    assert known["reporting"] == "EUR"
    assert [(one["day"], one["rate"], one["source"]) for one in known["rates"]] == [("2016-03-01", "0.9", "ECB")]
    file.write_text("from,to,date,rate\nUSD,EUR,soon,0.9\nUSD,EUR,2016-03-03,-1\n", encoding="utf-8")
    assert main(["rates", "import", str(file)]) == 1
    refused = capsys.readouterr().err
    assert "line 2" in refused and "line 3" in refused
    for wrong in ("USD EUR 2016-03-02 much", "USD USD 2016-03-02 1", "USD EUR 2016-03-02 NaN"):
        assert main(["rates", "enter", *wrong.split()]) == 1
