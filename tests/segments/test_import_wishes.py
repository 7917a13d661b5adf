"""Tags and wishes by column, of stays and of people: beside what people noted, of which nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from services.segments.commands.guests.change import Change, change_guest
from services.segments.config import Config
from services.segments.imports.chunks import Imported
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.mappings import document_of, mapping_of
from services.segments.imports.run import import_reservations
from services.segments.rules.people.wishes import read_tags, with_wishes
from services.segments.service import SERVICE
from services.segments.store.guests.care import preference_of
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.errors import InputError
from tests.cast import MARTA
from tests.segments.rows import rows_of
from tests.segments.test_import import FIRST
from tests.web import browser, words

AT = datetime(2017, 1, 1, tzinfo=UTC)
COLUMNS = {"tags": "VIP; wine | VIP", "preferences": "quiet room", "Kissen": "feather"}


@pytest.fixture
def bring(segments: Database, tmp_path: Path) -> Callable[..., Imported]:
    def run(*lines: dict[str, str], days: int = 0) -> Imported:
        file = tmp_path / "export.csv"
        header = list(lines[0])
        texts = [",".join(f'"{one[name]}"' for name in header) for one in lines]
        file.write_text("\n".join([",".join(header), *texts]) + "\n", encoding="utf-8")
        mapping = ImportMapping(wishes={"Pillow": "Kissen"}, constants={"property": "LIS"})
        return import_reservations(segments, file, mapping, AT + timedelta(days=days))

    return run


def noted(database: Database) -> tuple[list[str], str, int]:
    """Tags, note and version of the only guest."""
    with database.transaction() as tx:
        ((guest, tags, version),) = tx.execute("select id, tags, version from guest").fetchall()
        sealed = preference_of(tx, guest)
        return tags, tx.keyring.open(sealed, Sealing.NOTE) if sealed else "", version


@pytest.mark.parametrize("of_stays", [True, False], ids=["stays", "people"])
def test_tags_and_wishes_are_read_from_their_columns_and_reported(
    segments: Database, bring: Callable[..., Imported], of_stays: bool
) -> None:
    person = {"first_name": "Rita", "last_name": "Cantu", "email": "rita@example.com"}
    done = bring({**(FIRST if of_stays else person), **COLUMNS})
    tags, note, _ = noted(segments)
    assert (tags, note) == (["VIP", "wine"] if of_stays else ["VIP", "export", "wine"], "quiet room\nPillow: feather")
    understood = {one["field"]: one["understood"] for one in done.columns}
    assert (understood["tags"], understood["wishes"], understood["wish:Pillow"]) == (1, 1, 1)


def test_nothing_that_a_person_set_is_lost(segments: Database, bring: Callable[..., Imported]) -> None:
    bring({**FIRST, **COLUMNS})
    bring({**FIRST, **COLUMNS, "Kissen": "foam"}, days=1)
    tags, note, version = noted(segments)
    assert note == "quiet room\nPillow: foam"  # nobody wrote there: the later word stands
    with segments.transaction() as tx:
        ((guest,),) = tx.execute("select id from guest").fetchall()
        said = Change(tags=["wine", "regular"], preference="Pillow: none, allergic\nlate riser")
        change_guest(tx, guest, version, said, "Filipa Faria", AT + timedelta(days=2))
    bring(
        {**FIRST, "reservation_no": "LIS-2", "tags": "gold", "preferences": "high floor", "Kissen": "feather"}, days=3
    )
    tags, note, _ = noted(segments)
    assert tags == ["gold", "regular", "wine"]
    assert note == "Pillow: none, allergic\nlate riser\nhigh floor"
    assert rows_of(segments, "select noted_by from guest_preference") == [("Filipa Faria",)]


def test_the_same_file_again_brings_nothing_back(segments: Database, bring: Callable[..., Imported]) -> None:
    bring({**FIRST, **COLUMNS})
    _, _, version = noted(segments)
    with segments.transaction() as tx:
        ((guest,),) = tx.execute("select id from guest").fetchall()
        change_guest(tx, guest, version, Change(tags=[], preference=None), "Filipa Faria", AT)
    assert bring({**FIRST, **COLUMNS}, days=1).unchanged == 1
    assert noted(segments)[:2] == ([], "")


def test_tags_of_any_separator_and_what_is_none() -> None:
    assert read_tags("VIP；葡萄酒, a  b|VIP") == ("VIP", "葡萄酒", "a b")
    for text in ("x" * 41, ";;", ",".join(map(str, range(21)))):
        with pytest.raises(ValueError, match="no tags"):
            read_tags(text)
    assert with_wishes("x" * 1_995, ["Pillow: feather"], is_a_sources=True) == "x" * 1_995


def test_a_column_of_a_wish_is_named_on_the_page_and_kept_and_a_card_is_never_one(
    segments: Database, tmp_path: Path
) -> None:
    marta = browser(SERVICE.build_web, Config(imports=tmp_path / "imports"), segments, MARTA)
    marta.get("/segments/imports")
    content = b"E-mail,Kissen,Card number\nrita@example.com,feather,4111111111111111\n"
    page = marta.post("/segments/imports", {"file": (BytesIO(content), "a.csv"), "source": "list"})
    assert 'name="wish:Kissen"' in page.text and 'name="wish:Card number"' not in page.text
    said = {"source": "list", "constant:property": "LIS", "wish:Kissen": "Pillow: ", "wish:Card number": "Card"}
    again = marta.post(f"{page.request.path}/mapping", said)
    assert "wish: Pillow" in words(again) and 'value="Pillow"' in again.text
    mapping = ImportMapping(wishes={"Pillow": "Kissen"})
    assert mapping_of("pms", document_of(mapping)).wishes == mapping.wishes
    with pytest.raises(InputError) as refused:
        ImportMapping(wishes={"Card": "Card number"}).places(["E-mail", "Hotel", "Card number"])
    assert list(refused.value.problems) == ["Card number"]
