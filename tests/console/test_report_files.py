"""A report as PDF: in both languages, with the figures of the page and what changed; its charts as pictures."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from services.console.pages.reports.typeset import ReportUnset, typeset
from shared.database.pool import Database
from tests.cast import ADA, DINA
from tests.conftest import MakeDatabase
from tests.console.conftest import Serve
from tests.console.staff import open_house
from tests.console.test_changes import OCTOBER, SEPTEMBER, YEAR, keep, stays
from tests.console.test_key_figures import desk, told
from tests.web import words

REPORT: dict[str, Any] = {
    **dict.fromkeys(("title", "where", "period", "made"), "#let x = 1; *bold* $x$ @nobody <b> 张伟 Ünë"),
    "language": "en",
    "heads": {"changed": "Changed", "figures": "Figures"},
    "sentences": ["#panic()"],
    "columns": ["a", "b", "c", "d", "e"],
    "rows": [{name: f"{name} [x]" for name in ("name", "value", "parts", "target", "verdict", "previous", "year")}],
    "revenue": [],
    "charts": [{"title": "t", "alt": "t: 0", "bars": [{"label": "a", "value": 0, "words": "0", "main": True}]}],
    "notes": [],
}


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    open_house(database)
    counts = {(OCTOBER, "LIS", "OTA", "leisure"): 190, (SEPTEMBER, "LIS", "Direct", "leisure"): 60}
    counts |= {
        (YEAR, "LIS", "OTA", "leisure"): 40,
        (YEAR, "LIS", "Direct", "leisure"): 60,
        (OCTOBER, "SHA", "携程", ""): 7,
    }
    keep(database, stays(counts))
    return database


def read(pdf: bytes) -> str:
    """Its words, without the blanks that a reader puts between Chinese and other letters."""
    return " ".join("".join(page.extract_text() + " " for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_pdf_has_the_figures_of_the_page_and_what_changed(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    assert "/figures/report.pdf?hotel=LIS&amp;span=month" in ada.get("/figures?hotel=LIS").text
    answer = ada.client.get("/figures/report.pdf?hotel=LIS&span=month&first=2026-10-01")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert "report-LIS-2026-10-01.pdf" in answer.headers["Content-Disposition"]
    text = read(answer.data)
    assert "Monthly report" in text and "Casa do Tejo Lisboa · October 2026" in text
    assert "190 stays ended in October 2026: 217% more than in September 2026 (60)" in text
    assert "We think most of it comes from the channel OTA (190, in October 2025 40)." in text
    assert "82.0%" in text and "41 of 50" in text and "≥ 80.0%" in text and "reached" in text
    assert "Stays by channel, and a year before" in text and "Riverside" not in text
    document: Any = PdfReader(BytesIO(answer.data)).trailer["/Root"]
    assert document["/Lang"] == "en" and document["/MarkInfo"]["/Marked"], "a screen reader finds its way"


def test_in_chinese_every_word_can_be_read_back(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    answer = ada.client.get("/figures/report.pdf?span=month&first=2026-10-01", headers={"Accept-Language": "zh"})
    text = read(answer.data).replace(" ", "")
    assert "月报" in text and "全部酒店·2026年10月" in text and "携程" in text
    assert "2026年10月共有197次住店结束" in text and "留存率" in text and "已达成" in text
    assert not any(word in text for word in ("Retention", "missed", "stays"))


def test_whoever_sees_one_hotel_gets_the_report_of_it(console: Database, serve: Serve) -> None:
    dina = desk(console, serve(told()), DINA)
    text = read(dina.client.get("/figures/report.pdf?hotel=SHA&span=month&first=2026-10-01").data)
    assert "Casa do Tejo Lisboa" in text and "携程" not in text and "197" not in text


def test_nothing_to_report_offers_none_and_still_makes_one(make_database: MakeDatabase, serve: Serve) -> None:
    database = make_database("console")
    open_house(database)
    ada = desk(database, serve(told(windows={}, counted_at=None)), ADA)
    assert "report.pdf" not in ada.get("/figures?cut=channel&value=OTA").text
    assert "0 stays ended" in read(ada.client.get("/figures/report.pdf").data)
    assert "Key figures" in words(ada.get("/figures"))


def test_words_are_never_read_as_markup_and_charts_are_pictures() -> None:
    made = typeset(REPORT, pictures=True)
    text = read(made.pdf)
    assert "#let x = 1; *bold* $x$ @nobody <b> 张伟 Ünë" in text and "#panic()" in text and "name [x]" in text
    assert [one[:8] for one in made.pictures] == [b"\x89PNG\r\n\x1a\n"]
    assert typeset(REPORT, pdf=False).pdf == b""


def test_what_cannot_be_set_says_so() -> None:
    with pytest.raises(ReportUnset, match="could not be set"):
        typeset({**REPORT, "rows": [{"name": "alone"}]})
