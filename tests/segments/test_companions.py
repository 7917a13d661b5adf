"""Who stays with a guest: read by a column or the API, shown on the stay, gone with the guest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.segments.commands.guests.erase import erase_guest
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.rules.people.companions import read_companions
from shared.database.pool import Database
from tests.cast import FILIPA
from tests.segments.rows import rows_of
from tests.segments.test_import import FIRST
from tests.segments.test_pages_guests import desk
from tests.web import words

AT = datetime(2017, 1, 1, tzinfo=UTC)


def bring(database: Database, folder: Path, companions: str, days: int = 0) -> None:
    told = {**FIRST, "adults": "2", "children": "1", "Mitreisende": companions}
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


def test_companions_go_with_the_guest_and_an_old_row_brings_them_not_back(segments: Database, tmp_path: Path) -> None:
    bring(segments, tmp_path, "Maria Sá")
    ((guest,),) = rows_of(segments, "select id from guest")
    with segments.transaction() as tx:
        erase_guest(tx, guest, "Marta Marques", AT, lambda _: None)
    assert rows_of(segments, "select companions from stay") == [(None,)]
    bring(segments, tmp_path, "Maria Sá; João Sá", days=1)
    assert rows_of(segments, "select companions from stay") == [(None,)]
