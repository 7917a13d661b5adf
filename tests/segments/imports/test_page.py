"""Files of every kind dropped on the page: shown as they would be read, or told in words; opened again as well."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from services.segments.config import Config
from services.segments.service import SERVICE
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.segments.imports.books import HEADINGS, ROW, archive, row, table, xlsx
from tests.segments.rows import add_properties
from tests.web import Browser, browser, words


@pytest.fixture
def marta(make_database: MakeDatabase, tmp_path: Path) -> Browser:
    database = make_database("segments")
    add_properties(database)
    marta = browser(SERVICE.build_web, Config(imports=tmp_path / "imports"), database, MARTA)
    marta.get("/segments/imports")
    return marta


LATIN_HEADER = table([*ROW, "Rua A"], header=[*HEADINGS, "Código Postal / Straße"]).encode("cp1252")


@pytest.mark.parametrize(
    ("name", "content", "guest"),
    [
        ("a.xlsx", xlsx(Notes=[["x"]], Data=[["Report"], [*HEADINGS], [*ROW]]), "Cantu"),
        ("a.csv", LATIN_HEADER, "Cantu"),
        ("a.csv", table(row(1, last_name="Müller")).encode("cp1252"), "Müller"),
        ("a.csv", table(row(1, first_name="伟", last_name="张"), row(2, last_name="李娜")).encode("gbk"), "张"),
        ("a.zip", archive(a__csv=table(row(1)).encode()), "Cantu"),
    ],
    ids=["workbook", "heading", "western", "chinese", "archive"],
)
def test_a_file_is_shown_as_it_would_be_read(marta: Browser, name: str, content: bytes, guest: str) -> None:
    page = marta.post("/segments/imports", {"file": (BytesIO(content), name), "source": "pms"})
    assert page.status_code == 200 and guest in words(page)
    again = marta.get(page.request.path)
    assert again.status_code == 200 and guest in words(again)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (archive(**{"xl/workbook__xml": b"<workbook/>"}), "The file is damaged"),
        (b"%PDF-1.7", "This is no table"),
        (archive(a__csv=b""), "The file is empty"),
    ],
    ids=range(3),
)
def test_what_cannot_be_read_is_told_in_words(marta: Browser, content: bytes, says: str) -> None:
    page = marta.post("/segments/imports", {"file": (BytesIO(content), "a.xlsx"), "source": "pms"})
    assert page.status_code == 422 and says in words(page)


PEOPLE = "姓名,邮箱,手机,生日,邮件订阅\n张伟,wei@example.com,13800138000,1980-05-04,是\n"


def test_a_list_of_people_is_said_to_be_one_named_and_imported(marta: Browser) -> None:
    page = marta.post("/segments/imports", {"file": (BytesIO(PEOPLE.encode("gbk")), "会员名单.csv"), "source": "list"})
    path = page.request.path
    assert "This file holds people, not stays." in words(page) and 'placeholder="会员名单"' in page.text
    assert 'name="constant:property"' in page.text and 'name="constant:status"' not in page.text
    said = {"source": "list", "constant:property": "SHA", "list_name": "VIP 会员", "yes": "express"}
    again = marta.post(f"{path}/mapping", said)
    assert 'value="VIP 会员"' in again.text and "e-mail: agreed" in words(again) and "张伟" in words(again)
    assert "Departure" not in words(again)
    stays = marta.post(f"{path}/mapping", {**said, "column:arrival": "生日"})
    assert "This file holds people" not in words(stays) and 'name="constant:status"' in stays.text
    marta.post(f"{path}/start", said)
    with marta.app.extensions["guestloop"].transaction() as tx:
        ((mapping,),) = tx.execute("select mapping from import_mapping where source = 'list'").fetchall()
    assert (mapping["holds"], mapping["list_name"]) == ("people", "VIP 会员")
