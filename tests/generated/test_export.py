"""The generated export stands in for real data: it must be the same every time and as dirty as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from guestloop.generated.export import HEADER, Row, make_rows, write_export


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return make_rows(rows=5000, seed=1, from_year=2015, to_year=2016)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    write_export(tmp_path / "a.csv.gz", rows=300, seed=7)
    write_export(tmp_path / "b.csv.gz", rows=300, seed=7)
    write_export(tmp_path / "c.csv.gz", rows=300, seed=8)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert (tmp_path / "a.csv.gz").read_bytes() != (tmp_path / "c.csv.gz").read_bytes()


def test_rows_stand_in_booking_order_under_the_known_header(tmp_path: Path, rows: list[Row]) -> None:
    write_export(tmp_path / "export.csv", rows=50)
    assert (tmp_path / "export.csv").read_text(encoding="utf-8").splitlines()[0] == HEADER
    assert rows == sorted(rows, key=lambda row: (row["booked_on"], row["reservation_no"]))
    assert len({row["reservation_no"] for row in rows}) == len(rows) == 5000


def test_every_address_is_one_that_reaches_nobody(rows: list[Row]) -> None:
    hosts = {row["email"].rsplit("@", 1)[1].lower() for row in rows if row["email"]}
    assert all(host.endswith(("example.com", "example.org", "example.net", "guest.booking.com")) for host in hosts)


def test_the_dirt_is_all_there(rows: list[Row]) -> None:
    people: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        people[row["email"].strip().lower()].add((row["first_name"], row["last_name"]))
    phones = Counter(row["phone"][:2] for row in rows)
    wanted = {
        "masked addresses": sum(row["email"].endswith("@guest.booking.com") for row in rows),
        "agency addresses": sum("@agency.example.com" in row["email"] for row in rows),
        "leading blanks": sum(row["email"].startswith(" ") for row in rows),
        "initials": sum(row["first_name"].endswith(".") for row in rows),
        "capitals": sum(row["last_name"].isupper() for row in rows),
        "several names on one address": sum(len(names) > 5 for names in people.values()),
        "no address": sum(not row["email"] for row in rows),
        "national phones": phones["07"] + phones["(2"],
        "international phones": phones["+3"],
        "29 February": sum(row["birth_date"].endswith("-02-29") for row in rows),
        "placeholder dates": sum(row["birth_date"] == "1900-01-01" for row in rows),
        "minors": sum(row["birth_date"] > "1999-01-01" for row in rows),
        "unknown countries": sum(row["country"] in ("", "CN", "TMP", "NULL") for row in rows),
        "negative rates": sum(row["adr"].startswith("-") for row in rows),
        "zero nights": sum(row["arrival"] == row["departure"] for row in rows),
        "early departures": sum(row["status"] == "checked_out" and _ended(row) < row["departure"] for row in rows),
        "cancelled": sum(row["status"] == "cancelled" for row in rows),
        "no-shows": sum(row["status"] == "no_show" for row in rows),
    }
    assert {what: count for what, count in wanted.items() if count < 3} == {}


def _ended(row: Row) -> str:
    month, day, year = map(int, row["status_date"].split("/"))
    return date(year, month, day).isoformat()
