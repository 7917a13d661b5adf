"""The oracle's own word on twelve reservations, worked out by hand, and that it notices what is wrong."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import compare
from tests.oracle.export import read_rows
from tests.oracle.predict import Line, guests_of, predict

HEADER = (
    "reservation_no,property,status,status_date,booked_on,arrival,departure,first_name,last_name,email,phone,birth_date,"
    "language,country,marketing_email,marketing_sms"
)
ROWS = """
LIS-01,LIS,checked_out,3/1/2016,2016-02-01,2016-02-27,2016-03-01,Ana,Sá,ana@example.com,,,pt,PRT,Y,N
ALG-02,ALG,checked_out,3/5/2016,2016-02-02,2016-03-01,2016-03-05,Bento,Reis,,+351 910 000 001,,pt,PRT,N,Y
LIS-03,LIS,checked_out,3/8/2016,2016-02-03,2016-03-07,2016-03-08,Carl,Fox,ab1@guest.booking.com,,1980-02-29,en,GBR,Y,N
LIS-04,LIS,checked_out,12/1/2015,2015-11-01,2015-11-28,2015-12-01,Dora,Lima,dora@example.com,,,zh,CHN,Y,N
LIS-05,LIS,cancelled,3/10/2016,2016-02-01,2016-04-01,2016-04-03,D.,Lima,dora@example.com,,,zh,CHN,Y,N
LIS-06,LIS,checked_out,3/3/2016,2016-02-10,2016-03-01,2016-03-03,Eva,Koch,Eva@example.com,,1998-03-15,de,DEU,N,N
LIS-07,LIS,checked_out,3/5/2016,2016-02-10,2016-03-03,2016-03-06,Eva,Koch,eva@example.com,,1998-03-15,de,DEU,Y,N
LIS-08,LIS,no_show,3/9/2016,2016-02-11,2016-03-09,2016-03-10,Finn,Ek,finn@example.com,,1998-03-20,sv,SWE,Y,N
LIS-09,LIS,cancelled,3/2/2016,2016-02-12,2016-05-01,2016-05-02,Gil,Paz,gil@example.com,,1900-01-10,es,ESP,Y,N
LIS-10,LIS,checked_out,12/11/2015,2015-11-02,2015-12-10,2015-12-11,Hugo,Roy,hugo@example.com,,1960-03-17,fr,FRA,Y,N
LIS-11,LIS,cancelled,3/10/2016,2016-03-10,2016-04-10,2016-04-12,Hugo,Roy,hugo@example.com,,1960-03-17,fr,FRA,Y,N
LIS-12,LIS,checked_out,3/8/2016,2016-02-13,2016-03-08,2016-03-08,Ida,Ross,reservations7@agency.example.com,,,en,CN,Y,N
"""
FROM, TO = date(2016, 3, 1), date(2016, 6, 30)
GUESTS = {
    "ana": ["LIS-01"],
    "bento": ["ALG-02"],
    "carl": ["LIS-03"],
    "dora": ["LIS-04", "LIS-05"],
    "eva": ["LIS-06", "LIS-07"],
    "finn": ["LIS-08"],
    "gil": ["LIS-09"],
    "hugo": ["LIS-10", "LIS-11"],
    "ida": ["LIS-12"],
}
# A hotel of which nothing is heard for a day and a half sends no win-back: each day somebody asks and cancels.
EVERY_DAY = [
    (f"{hotel}-F{day:03}", f"{hotel},cancelled,{{0}},{{1}},2017-01-01,2017-01-02,,,,,,en,,N,N")
    for day in range((TO - FROM).days + 1)
    for hotel in ("ALG", "LIS")
]
GUESTS |= {number: [number] for number, _ in EVERY_DAY}
DECIDED = """
birthday eva birthday:2016 2016-03-08T10:00:00+01:00 skipped minor email eva@example.com de
birthday finn birthday:2016 2016-03-13T10:00:00+01:00 skipped minor email finn@example.com en
birthday hugo birthday:2016 2016-03-10T10:00:00+01:00 sent - email hugo@example.com fr
post-stay-survey ana stay:LIS-01 2016-03-02T10:00:00+00:00 sent - email ana@example.com pt
post-stay-survey bento stay:ALG-02 2016-03-06T10:00:00+00:00 sent - sms +351910000001 pt
post-stay-survey carl stay:LIS-03 2016-03-09T10:00:00+00:00 sent - email ab1@guest.booking.com en
post-stay-survey eva stay:LIS-06 2016-03-04T10:00:00+00:00 skipped same_trip email eva@example.com de
post-stay-survey eva stay:LIS-07 2016-03-06T10:00:00+00:00 sent - email eva@example.com de
post-stay-survey ida stay:LIS-12 2016-03-09T10:00:00+00:00 skipped no_contact_point email - en
win-back ana lapse:LIS-01 2016-05-30T10:00:00+01:00 sent - email ana@example.com pt
win-back bento lapse:ALG-02 2016-06-03T10:00:00+01:00 sent - sms +351910000001 pt
win-back carl lapse:LIS-03 2016-06-06T10:00:00+01:00 skipped masked_address email - en
win-back dora lapse:LIS-04 2016-03-24T10:00:00+08:00 sent - email dora@example.com zh-Hans
win-back eva lapse:LIS-07 2016-06-03T10:00:00+02:00 sent - email eva@example.com de
win-back hugo lapse:LIS-10 2016-03-24T10:00:00+01:00 sent - email hugo@example.com fr
win-back ida lapse:LIS-12 2016-06-06T10:00:00+01:00 skipped no_contact_point email - en
"""


def daily() -> str:
    days = [FROM + timedelta(days=int(number[-3:])) for number, _ in EVERY_DAY]
    return "".join(
        f"{number},{rest.format(f'{day.month}/{day.day}/{day.year}', day.isoformat())}\n"
        for day, (number, rest) in zip(days, EVERY_DAY, strict=True)
    )


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + ROWS + daily(), encoding="utf-8")
    return path


@pytest.fixture
def guests(tmp_path: Path) -> Path:
    return write(tmp_path / "guests.jsonl", [{"guest": name, "reservations": rows} for name, rows in GUESTS.items()])


def predicted(export: Path) -> list[Line]:
    guest_of = {number: guest for guest, numbers in GUESTS.items() for number in numbers}
    return predict(guests_of(read_rows(export), guest_of), FROM, TO)


def shown(line: Line) -> str:
    parts = (*line.key, line.local.isoformat(), line.state, line.reason, line.channel, line.to, line.language)
    return " ".join(part or "-" for part in parts)


def ledger_lines(export: Path) -> list[dict[str, Any]]:
    return [
        {
            "at": line.at.isoformat(),
            "local": line.local.isoformat(),
            "guest": line.key[1],
            "property": line.property,
            "journey": line.key[0],
            "version": 1,
            "step": "send",
            "occurrence": line.key[2],
            "channel": line.channel,
            "purpose": "feedback" if line.key[0] == "post-stay-survey" else "marketing",
            "to": line.to,
            "language": line.language,
            "state": line.state,
            "reason": line.reason,
        }
        for line in predicted(export)
    ]


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def found(export: Path, guests: Path, lines: list[dict[str, Any]]) -> list[str]:
    ledger = write(export.parent / "ledger.jsonl", lines)
    return [f"{one.kind} · {one.about}" for one in compare(export, guests, ledger, FROM, TO)]


def test_twelve_reservations_make_the_lines_worked_out_by_hand(export: Path) -> None:
    assert sorted(map(shown, predicted(export))) == DECIDED.strip().splitlines()


def test_where_nothing_is_heard_of_a_hotel_a_win_back_waits_until_it_is_of_no_use(export: Path) -> None:
    export.write_text(HEADER + ROWS, encoding="utf-8")
    ana = [line for line in predicted(export) if line.key[:2] == ("win-back", "ana")]
    assert [(line.state, line.reason) for line in ana] == [("held", "stale_data"), ("expired", "expired")]
    assert ana[1].at - ana[0].at == timedelta(days=7)


def test_where_a_hotel_is_heard_of_again_it_is_judged_anew(export: Path) -> None:
    later = "LIS-20,LIS,cancelled,6/1/2016,2016-06-01,2017-01-01,2017-01-02,,,,,,en,,N,N\n"
    export.write_text(HEADER + ROWS + later, encoding="utf-8")
    guest_of = {number: guest for guest, numbers in (GUESTS | {"f": ["LIS-20"]}).items() for number in numbers}
    lines = predict(guests_of(read_rows(export), guest_of), FROM, TO)
    ana = [shown(line).split(" ")[3:6] for line in lines if line.key[:2] == ("win-back", "ana")]
    assert ana == [
        ["2016-05-30T10:00:00+01:00", "held", "stale_data"],
        ["2016-06-01T06:10:00+01:00", "held", "quiet_hours"],
        ["2016-06-01T10:00:00+01:00", "sent", "-"],
    ]


def test_a_ledger_as_predicted_has_no_mismatch(export: Path, guests: Path) -> None:
    assert found(export, guests, ledger_lines(export)) == []


def test_what_is_missing_double_late_or_refused_for_another_reason_is_noticed(export: Path, guests: Path) -> None:
    lines = ledger_lines(export)
    sent = next(line for line in lines if line["guest"] == "ana" and line["journey"] == "win-back")
    assert found(export, guests, [line for line in lines if line is not sent]) == ["missing · win-back sent"]
    assert found(export, guests, [*lines, sent]) == ["unexpected · win-back sent"]
    late = sent | {"at": "2016-05-30T11:00:00+00:00", "local": "2016-05-30T12:00:00+01:00"}
    assert found(export, guests, [late if line is sent else line for line in lines]) == ["differs · win-back at"]
    refused = sent | {"state": "skipped", "reason": "no_consent"}
    lines = [refused if line is sent else line for line in lines]
    assert found(export, guests, lines) == ["differs · win-back sent, not skipped:no_consent"]


def test_a_line_out_of_shape_is_noticed(export: Path, guests: Path) -> None:
    lines = ledger_lines(export)
    lines[0] = {name: value for name, value in lines[0].items() if name != "step"}
    lines[1] = lines[1] | {"local": "2016-04-01T10:00:00+05:00"}
    assert {"malformed · fields", "malformed · local"} <= set(found(export, guests, lines))


@pytest.mark.parametrize(
    ("people", "wrong"),
    [
        ({"ana": ["LIS-01", "LIS-12"], "ida": []}, "identity · joined without a key"),
        ({"dora": ["LIS-04", "LIS-05"], "eva": ["LIS-06"], "eva2": ["LIS-07"]}, "identity · split in spite of a key"),
        ({"ana": ["LIS-01"], "ida": ["LIS-01", "LIS-12"]}, "identity · one reservation, two guests"),
        ({"ana": []}, "identity · nobody's reservation"),
    ],
)
def test_guests_joined_without_a_key_or_split_in_spite_of_one_are_noticed(
    export: Path, people: dict[str, list[str]], wrong: str
) -> None:
    lines = [{"guest": name, "reservations": rows} for name, rows in (GUESTS | people).items()]
    guests = write(export.parent / "guests.jsonl", lines)
    assert wrong in found(export, guests, [])


def test_of_two_in_a_household_either_may_go_but_not_both(export: Path, guests: Path) -> None:
    twin = "LIS-13,LIS,checked_out,3/1/2016,2016-02-01,2016-02-27,2016-03-01,Rui,Sá,ana@example.com,,,pt,PRT,Y,N\n"
    export.write_text(export.read_text(encoding="utf-8") + twin, encoding="utf-8")
    people = [{"guest": name, "reservations": rows} for name, rows in GUESTS.items()]
    write(guests, [*people, {"guest": "rui", "reservations": ["LIS-13"]}])
    guest_of = {number: guest for guest, numbers in (GUESTS | {"rui": ["LIS-13"]}).items() for number in numbers}
    at = next(line.at for line in predicted(export) if line.key == ("win-back", "ana", "lapse:LIS-01"))
    for first, second in (("ana", "rui"), ("rui", "ana")):
        key = ("win-back", first, f"lapse:LIS-{'01' if first == 'ana' else '13'}")
        lines = predict(guests_of(read_rows(export), guest_of), FROM, TO, frozenset({(key, at)}))
        outcome = {line.key[1]: line.reason for line in lines if line.key[0] == "win-back" and line.at == at}
        assert outcome == {first: None, second: "household"}


def test_two_guests_of_one_name_on_one_number_are_noticed(export: Path, guests: Path) -> None:
    again = "ALG-13,ALG,no_show,3/9/2016,2016-02-11,2016-03-09,2016-03-10,BENTO,Reis,,910 000 001,,pt,PRT,N,Y\n"
    export.write_text(export.read_text(encoding="utf-8") + again, encoding="utf-8")
    people = [{"guest": name, "reservations": rows} for name, rows in GUESTS.items()]
    write(guests, [*people, {"guest": "bento again", "reservations": ["ALG-13"]}])
    assert "identity · split in spite of a key" in found(export, guests, [])
