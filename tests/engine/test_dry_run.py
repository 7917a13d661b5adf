"""`guestloop import --dry-run` shows how a file would be read; `simulate` names what it could not play."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from guestloop.cli import main
from services.segments.imports.preview.preview import FirstRow, Preview, Question, Reading, Refused
from services.segments.imports.seen import ColumnSeen, ReadValue, RefusedReason, UnknownValue
from tests.command_line import guestloop
from tests.segments.test_import import line, write


@pytest.fixture(autouse=True)
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUESTLOOP_HOME", str(tmp_path / "home"))


FIELDS = {
    Preview: (
        "version source encoding separator header_row sheet sheets rows is_whole incomplete_from left_out mapping "
        "constants orders columns questions problems unknown_hotels refused first_rows holds list_name "
        "mapping_from read_as"
    ),
    ColumnSeen: "header field is_refused understood not_understood empty read unknown unlisted doubted",
    ReadValue: "text means rows",
    UnknownValue: "text rows reason",
    Question: "kind field header readings answered",
    Reading: "answer examples",
    Refused: "rows reasons",
    RefusedReason: "field reason rows",
    FirstRow: "line read problems",
}


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: str(kind.__name__))
def test_the_fields_of_a_previews_json_are_only_ever_added_to(kind: type) -> None:
    """Programs read them: docs/imports.md."""
    assert [one.name for one in fields(kind)] == FIELDS[kind].split()


def shown(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, Any]:
    assert main(["import", *arguments, "--dry-run", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsysbinary.readouterr().out)
    return found


def test_a_dry_run_prints_what_was_read_as_json(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = [line(1, status="Check-Out", country="中国", adr="1234.50"), line(2, status="Gone", property="XXX")]
    path = write(tmp_path / "a.csv", rows, separator=";")
    seen = shown(capsysbinary, str(path), "--set", "currency=EUR", "--meaning", "language:pt=pt-BR")
    assert (seen["encoding"], seen["separator"], seen["header_row"]) == ("utf-8", ";", 1)
    assert (seen["source"], seen["mapping_from"], seen["read_as"]) == ("pms", "headings", "pms")
    assert seen["mapping"]["reservation"] == "reservation_no" and seen["unknown_hotels"] == {"XXX": 1}
    by_field = {column["field"]: column for column in seen["columns"]}
    assert (by_field["status"]["understood"], by_field["status"]["not_understood"]) == (1, 1)
    assert by_field["status"]["unknown"] == [{"text": "Gone", "rows": 1, "reason": "no status of a stay known here"}]
    assert {"text": "中国", "means": "CN", "rows": 1} in by_field["country"]["read"]
    read = seen["first_rows"][0]["read"]
    assert (read["rate"], read["status"], read["arrival"]) == ("1234.50", "checked_out", "2016-03-10")
    assert read["language"] == "pt-BR" and read["email"] == "r•••@e•••.com"
    assert seen["refused"]["rows"] == 1
    card = next(column for column in seen["columns"] if column["header"] == "card_number")
    assert card["is_refused"] and card["field"] is None
    assert not any("4111" in json.dumps(one) for one in seen["columns"])


def test_addresses_and_numbers_are_shown_as_they_are_read_and_bad_ones_counted(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = write(
        tmp_path / "a.csv",
        [
            line(1, email="Rita <RITA@mail.example.com>", phone="912 345 678", country="PRT"),
            line(2, email="rita at mail.example.com", phone="8.6138E12"),
            line(3, email="n/a", phone="21 123 4567", country="PRT"),
        ],
    )
    seen = shown(capsysbinary, str(path))
    by_field = {column["field"]: column for column in seen["columns"]}
    counts = {name: (by_field[name]["understood"], by_field[name]["not_understood"]) for name in ("email", "phone")}
    assert counts == {"email": (1, 1), "phone": (2, 1)}
    assert by_field["email"]["doubted"] == [{"reason": "no_address", "rows": 1}]
    assert {one["reason"] for one in by_field["phone"]["doubted"]} == {"rounded", "landline"}
    read = seen["first_rows"][0]["read"]
    assert (read["email"], read["phone"]) == ("r•••@m•••.com", "+351 ••• 78")


def test_what_must_be_asked_is_told_with_both_readings(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = write(tmp_path / "a.csv", [line(1, birth_date="04/05/1980"), line(2, birth_date="01/02/1981")])
    (asked,) = shown(capsysbinary, str(path))["questions"]
    assert (asked["kind"], asked["field"], asked["answered"]) == ("dates", "birth_date", None)
    readings = {one["answer"]: one["examples"][0] for one in asked["readings"]}
    assert readings["dmy"] == {"text": "04/05/1980", "means": "1980-05-04"}
    assert readings["mdy"] == {"text": "04/05/1980", "means": "1980-04-05"}


def test_a_list_of_people_is_said_to_be_one(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "Newsletter.csv"
    path.write_text(
        "Nome completo;E-mail;Telemóvel;Newsletter\nRita Cantu;rita@mail.example.com;912 345 678;sim\n;;;não\n"
    )
    seen = shown(capsysbinary, str(path), "--set", "hotel=LIS", "--place", "LIS=PT:Europe/Lisbon")
    assert (seen["holds"], seen["list_name"], seen["problems"], seen["rows"]) == ("people", "Newsletter", {}, 2)
    by_field = {column["field"]: (column["understood"], column["not_understood"]) for column in seen["columns"]}
    assert by_field == {"full_name": (1, 0), "email": (1, 0), "phone": (1, 0), "email_consent": (2, 0)}
    read = seen["first_rows"][0]["read"]
    assert (read["family_name"], read["email"], read["phone"]) == ("Cantu", "r•••@m•••.com", "+351 ••• 78")
    (refused,) = seen["refused"]["reasons"]
    assert refused["field"] == "email" and refused["reason"].startswith("no e-mail address")
    assert shown(capsysbinary, str(path), "--list", "VIP, gold")["list_name"] == "VIP gold"
    assert "property" in shown(capsysbinary, str(path))["problems"]


def test_a_dry_run_for_people_is_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", [line(1), line(2, status="Gone")])
    assert main(["import", str(path), "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert "not understood: «Gone» in 1 row no status of a stay known here" in text
    assert "1 row cannot be used:" in text and "not read: card_number" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--json",), "--dry-run"),
        (("--dry-run", "--set", "status_date=soon"), "status_date"),
        (("--dry-run", "--set", "email=x"), "cannot stand for every row"),
        (("--dry-run", "--meaning", "status:Gone=lost"), "cannot mean"),
        (("--dry-run", "--meaning", "Gone=checked_out"), "FIELD:VALUE=MEANING"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    tmp_path: Path, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.csv", [line(1)])
    assert main(["import", str(path), *arguments]) != 0
    assert says in capsys.readouterr().err


DAYS = {"status_date": "2016-03-13", "booked_on": "2016-03-01", "arrival": "2016-03-10", "departure": "2016-03-13"}
IN_SHANGHAI = line(4, property="SHA1", last_name="Third", email="third@example.com") | {
    "status_date": "2016-03-09T16:00:00Z",
    "booked_on": "2016-02-01T16:00:00Z",
    "arrival": "2016-03-06T16:00:00Z",
    "departure": "2016-03-09T16:00:00Z",
}


def test_a_simulation_names_the_rows_it_could_not_play(tmp_path: Path) -> None:
    others = line(2, status="Gone", last_name="Second"), line(3, status="Gone")
    rows = [line(1) | DAYS, others[0] | DAYS, others[1] | DAYS | {"arrival": "soon"}]
    path = write(tmp_path / "a.csv", [*rows, IN_SHANGHAI])
    period = ("--from", "2016-03-01", "--to", "2016-03-20", "--answers", "none", "--ledger", "ledger.jsonl")
    place = ("--place", "SHA1=CN:Asia/Shanghai")
    played = guestloop(tmp_path, "simulate", str(path), *period, *place)
    assert played.returncode == 0, played.stderr
    assert "2 rows cannot be used:" in played.stdout
    assert "2  status: no status of a stay known here" in played.stdout and "a.rejects.csv" in played.stdout
    listed = (tmp_path / "a.rejects.csv").read_text().splitlines()
    assert listed[0] == "line,field,reason,value" and len(listed) == 4
    decided = map(json.loads, (tmp_path / "ledger.jsonl").read_text().splitlines())
    asked = [one["local"] for one in decided if one["property"] == "SHA1" and one["journey"] == "post-stay-survey"]
    assert asked == ["2016-03-11T10:00:00+08:00"], "out at midnight of 10 March, which is 9 March in UTC"
