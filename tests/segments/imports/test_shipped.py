"""Exports of Chinese systems: recognised by their headings, proposed with what their letters mean, changed and kept."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.imports.files.headings import HEADERS
from services.segments.imports.meanings.registry import meaning_problem
from services.segments.imports.shipped import SHIPPED, shipped_source
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.web.config import WebConfig
from tests.cast import MARTA, NOW
from tests.segments.rows import rows_of
from tests.web import Browser, browser, words

LISTS = Path(__file__).parent / "lists"
STATES = {
    "xiruan": ["checked_out", "checked_out", "booked", "no_show", "checked_in"],
    "lvyun": ["checked_out", "booked"],
    "zhongruan": ["checked_in", "checked_out"],
}


def list_of(source: str, encoding: str = "utf-8") -> bytes:
    return (LISTS / f"{source}.csv").read_text(encoding="utf-8").encode(encoding)


def headings(source: str) -> list[str]:
    return list_of(source).decode().splitlines()[0].split(",")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "imports")


@pytest.fixture
def marta(database: Database, config: Config) -> Browser:
    return browser(SERVICE.build_web, config, database, MARTA, web=WebConfig(gateway="http://127.0.0.1:9"))


def bring(marta: Browser, name: str, body: bytes) -> str:
    """The address of its draft."""
    marta.get("/segments/imports")
    answer = marta.post(
        "/segments/imports", {"file": (io.BytesIO(body), name), "source": ""}, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, words(answer)
    return answer.request.path


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
@pytest.mark.parametrize("source", SHIPPED)
def test_a_list_is_recognised_read_and_entered_without_a_question(
    marta: Browser, database: Database, config: Config, source: str, encoding: str
) -> None:
    draft = bring(marta, "list.csv", list_of(source, encoding))
    ((proposed, mapping),) = rows_of(database, "select source, mapping from import_file")
    assert proposed == source
    form = form_of(marta, draft)
    assert marta.post(f"{draft}/start", form).status_code == 200
    role = Imports(database, config, VirtualClock(NOW))
    for _ in range(20):
        role.step(NOW)
    states = [state for (state,) in rows_of(database, "select status from stay order by reservation")]
    assert states == STATES[source], (mapping, rows_of(database, "select * from import_reject"))
    assert rows_of(database, "select 1 from stay where nights < 1") == []
    assert rows_of(database, "select distinct source from stay") == [(source,)]
    assert rows_of(database, f"select source from import_mapping where source = '{source}'") == [(source,)]


def form_of(marta: Browser, draft: str) -> dict[str, str]:
    """The draft's form as the page fills it."""
    text = marta.get(draft).get_data(as_text=True)
    form = {}
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        form[unescape(name)] = unescape(chosen[1]) if chosen else ""
    for tag in re.findall(r"<input[^>]+>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "csrf" not in name[1] and ('type="radio"' not in tag or "checked" in tag):
            form[unescape(name[1])] = unescape(value[1]) if value else ""
    return form


def test_a_card_or_identity_number_is_never_read(marta: Browser, database: Database) -> None:
    bring(marta, "list.csv", list_of("xiruan"))
    ((mapping,),) = rows_of(database, "select mapping from import_file")
    assert "证件号码" not in mapping["columns"].values()


def test_other_files_are_no_such_lists() -> None:
    assert shipped_source(["reservation_no", "arrival", "departure"]) is None
    assert shipped_source(["账号", "姓名", "到日", "离日"]) is None
    assert shipped_source([*headings("xiruan"), *headings("lvyun")]) is None


@pytest.mark.parametrize("source", SHIPPED)
def test_what_is_shipped_names_fields_and_meanings_that_there_are(source: str) -> None:
    one = SHIPPED[source]
    assert one.columns.keys() <= HEADERS.keys()
    assert set(one.marks) <= {name for names in one.columns.values() for name in names}
    assert all(meaning_problem("status", value, meaning) is None for value, meaning in one.statuses.items())
