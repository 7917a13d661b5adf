"""Who stays with a guest: read by a column or the API, shown on the stay, gone with the guest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.segments.commands.guests.erase import erase_guest
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.queries.drafts import find_guests
from services.segments.rules.language.parse import parse
from services.segments.rules.people.companions import read_companions
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from tests.cast import FILIPA
from tests.segments.rows import rows_of
from tests.segments.test_import import FIRST
from tests.segments.test_pages_guests import desk
from tests.web import words

AT = datetime(2017, 1, 1, tzinfo=UTC)
TODAY = {"Europe/Lisbon": AT.date()}


def bring(database: Database, folder: Path, companions: str, days: int = 0, **party: str) -> None:
    told = {**FIRST, "adults": "2", "children": "1", "Mitreisende": companions, **party}
    file = folder / "export.csv"
    file.write_text(f"{','.join(told)}\n" + ",".join(f'"{text}"' for text in told.values()) + "\n", encoding="utf-8")
    import_reservations(database, file, ImportMapping(), AT + timedelta(days=days))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maria Sá; João Sá", ["Maria Sá", "João Sá"]), ("Maria Sá / João Sá", ["Maria Sá", "João Sá"]),
        ("李娜、张小明", ["李娜", "张小明"]), ("Sá, Maria", ["Sá, Maria"]),
        ("Maria Sá, João Sá", ["Maria Sá", "João Sá"]), ("Ana", ["Ana"]),
    ],
)  # fmt: skip
def test_names_are_told_apart_where_they_are_written_apart(text: str, names: list[str]) -> None:
    assert read_companions(text).split("\n") == names


def test_a_party_is_kept_on_the_stay_and_shown_there(segments: Database, tmp_path: Path) -> None:
    bring(segments, tmp_path, "Maria Sá; João Sá")
    assert rows_of(segments, "select adults, children, companions from stay") == [(2, 1, "Maria Sá\nJoão Sá")]
    ((guest,),) = rows_of(segments, "select id from guest")
    assert "adults: 2 · children: 1 · with Maria Sá · João Sá" in words(
        desk(segments, FILIPA).get(f"/segments/guests/{guest}")
    )
    bring(segments, tmp_path, "Maria Sá", days=1)
    assert rows_of(segments, "select companions, version from stay") == [("Maria Sá", 2)]
    assert rows_of(segments, "select count(*) from guest") == [(1,)]


@pytest.mark.parametrize(
    ("adults", "children", "named", "others"),
    [
        ("1", "0", "", 0), ("2", "1", "", 2), ("", "2", "", 2), ("1", "", "Maria Sá; João Sá", 2),
        ("3", "0", "Maria Sá", 2), ("", "", "Maria Sá", 1), ("", "", "", None), ("0", "0", "", None),
    ],
)  # fmt: skip
def test_segments_ask_how_many_came_along(
    segments: Database, tmp_path: Path, adults: str, children: str, named: str, others: int | None
) -> None:
    """By the numbers or by the names, whichever are more."""
    bring(segments, tmp_path, named, adults=adults, children=children)
    assert rows_of(segments, "select last_companions from guest_facts") == [(others,)]
    asked = {
        "alone": {"fact": "last_companions", "op": "is", "value": 0},
        "two": {"fact": "last_companions", "op": "at_least", "value": 2},
        "unknown": {"not": {"fact": "last_companions", "op": "known", "value": True}},
        "with others": {"fact": "stays", "op": "at_least", "value": 1, "where": {"along": "others"}},
        "by themselves": {"fact": "stays", "op": "at_least", "value": 1, "where": {"along": "alone"}},
    }
    wanted = {
        "alone": others == 0,
        "two": (others or 0) >= 2,
        "unknown": others is None,
        "with others": bool(others),
        "by themselves": others == 0,
    }
    with segments.transaction() as tx:
        found = {name: find_guests(tx, parse(rule), TODAY, EVERYWHERE) for name, rule in asked.items()}
    assert {name: one is not None and one.members == 1 for name, one in found.items()} == wanted


def test_companions_go_with_the_guest_and_an_old_row_brings_them_not_back(segments: Database, tmp_path: Path) -> None:
    bring(segments, tmp_path, "Maria Sá")
    ((guest,),) = rows_of(segments, "select id from guest")
    with segments.transaction() as tx:
        erase_guest(tx, guest, "Marta Marques", AT, lambda _: None)
    assert rows_of(segments, "select companions from stay") == [(None,)]
    bring(segments, tmp_path, "Maria Sá; João Sá", days=1)
    assert rows_of(segments, "select companions from stay") == [(None,)]
