"""A year through the real engine, and the oracle agrees on every line."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guestloop.cli import main
from guestloop.generated.export import write_export
from tests.oracle import compare
from tests.oracle.compare import summary

REAL = Path(__file__).parents[3] / "shared" / "data" / "reservations_2015-2016.csv.gz"
FROM, TO = date(2016, 1, 1), date(2016, 12, 31)
SPRING = date(2016, 4, 1), date(2016, 5, 31)
JOURNEYS = ("post-stay-survey", "birthday", "win-back")
REAL_YEAR = {
    "post-stay-survey": {
        "sent": 31_922,
        "skipped no_contact_point": 4_289,
        "skipped no_basis": 36,
        "skipped masked_address": 33,
        "skipped same_trip": 31,
    },
    "birthday": {
        "sent": 11_750,
        "skipped no_consent": 8_579,
        "skipped no_contact_point": 4_485,
        "skipped masked_address": 4_063,
        "skipped minor": 191,
        "skipped in_house": 63,
    },
    "win-back": {
        "sent": 14_571,
        "skipped no_consent": 10_460,
        "skipped masked_address": 4_334,
        "skipped no_contact_point": 4_106,
        "held quiet_hours": 117,
        "skipped minor": 106,
        "skipped no_sender_for_country": 105,
        "skipped priority": 21,
        "skipped household": 1,
    },
}
"""What the three journeys decided in 2016, by state and reason: whoever changes a number of these changes what guests
get, and says why."""


def a_year_of(export: Path, folder: Path, start: date = FROM, to: date = TO) -> Counter[tuple[str, str]]:
    """Plays 2016, holds the ledger against the oracle, and counts its lines by journey and outcome."""
    ledger, guests = folder / "ledger.jsonl", folder / "guests.jsonl"
    period = ["--from", start.isoformat(), "--to", to.isoformat()]
    written = ["--ledger", str(ledger), "--guests", str(guests)]
    assert main(["simulate", str(export), *period, *written, "--answers", "none"]) == 0
    found = compare(export, guests, ledger, start, to)
    assert not found, f"{summary(found)}\n" + "\n".join(map(str, found[:30]))
    return Counter((line["journey"], line["reason"] or line["state"]) for line in lines_of(ledger))


def lines_of(ledger: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]


def decided(lines: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """By journey, how often each state with its reason."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        found.setdefault(line["journey"], Counter())[f"{line['state']} {line['reason'] or ''}".strip()] += 1
    return found


def test_the_oracle_agrees_on_a_spring_of_the_generated_export(tmp_path: Path) -> None:
    """Of one year: what was booked and happened up to then is played as well."""
    write_export(tmp_path / "export.csv", rows=3000, from_year=2016)
    lines = a_year_of(tmp_path / "export.csv", tmp_path, *SPRING)
    assert {journey for journey, outcome in lines if outcome == "no_contact_point"} == set(JOURNEYS)
    assert lines["post-stay-survey", "same_trip"] and lines["win-back", "no_consent"]
    for journey in JOURNEYS:
        assert lines[journey, "sent"] > 20


@pytest.mark.proof
def test_the_oracle_agrees_on_a_year_of_the_generated_export(tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", rows=5000)
    lines = a_year_of(tmp_path / "export.csv", tmp_path)
    rare = {
        ("post-stay-survey", "same_trip"),
        ("post-stay-survey", "no_basis"),
        ("birthday", "placeholder_date"),
        ("birthday", "minor"),
        ("birthday", "in_house"),
        ("win-back", "quiet_hours"),
        ("win-back", "priority"),
        ("win-back", "household"),
        ("win-back", "no_sender_for_country"),
    }
    assert rare <= set(lines)
    for journey in JOURNEYS:
        assert lines[journey, "sent"] > 100


@pytest.mark.proof
@pytest.mark.data
@pytest.mark.skipif(not REAL.exists(), reason="the real reservations (../shared/data) are absent")
def test_the_oracle_agrees_on_a_year_of_real_reservations(tmp_path: Path) -> None:
    a_year_of(REAL, tmp_path)
    assert decided(lines_of(tmp_path / "ledger.jsonl")) == REAL_YEAR
