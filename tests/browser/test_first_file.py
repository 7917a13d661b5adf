"""A newcomer's first hour: a file as the hotel's system writes it, from the drop to the first segment."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_import import UNTIL_READ
from tests.segments.imports.books import Cell, xlsx

TODAY = datetime.now(UTC).date()
CAME, LEFT = TODAY - timedelta(days=9), TODAY - timedelta(days=6)
HEADINGS = ("预订号", "状态", "预订日期", "到店日期", "离店日期", "姓", "名", "邮箱", "国籍", "渠道")


def rows(start: int, status: tuple[str, str]) -> list[list[str]]:
    days = [f"{one:%Y-%m-%d}" for one in (CAME - timedelta(days=30), CAME, LEFT)]
    who = (("赵", "敏"), ("钱", "静"), ("孙", "伟"))
    return [
        [f"N{start + n}", status[n % 2], *days, *who[n % 3], f"first-{start + n}@example.com", "中国", "携程"]
        for n in range(6)
    ]


def gbk(path: Path) -> Path:
    text = StringIO()
    csv.writer(text).writerows([HEADINGS, *rows(7100, ("已离店", "挂账"))])
    path.write_bytes(text.getvalue().encode("gbk"))
    return path


def workbook(path: Path) -> Path:
    cells: list[list[Cell]] = [["宾客离店报表"], [], list(HEADINGS)]
    cells += [list(one) for one in rows(7200, ("Check-Out", "Gone"))]
    path.write_bytes(xlsx(Sheet1=cells))
    return path


def settle(page: Page, label: str, choice: str) -> None:
    """Chooses and waits until the draft was looked at again."""
    with page.expect_response(lambda answer: answer.url.endswith("/mapping")):
        page.get_by_label(label).first.select_option(choice)


@pytest.mark.parametrize(
    ("make", "name", "unknown", "found"),
    [
        pytest.param(gbk, "离店.csv", "挂账", "Written in Chinese", marks=pytest.mark.proof),
        (workbook, "departures.xlsx", "Gone", "The sheet «Sheet1»"),
    ],
    ids=["a Chinese file", "a workbook"],
)
def test_from_the_drop_to_the_first_segment(
    visitor: Visitor, tmp_path: Path, make: object, name: str, unknown: str, found: str
) -> None:
    page = visitor.signed_in("marta")
    page.goto("/segments/imports")
    assert callable(make)
    page.get_by_label("File", exact=True).set_input_files(make(tmp_path / name))
    page.get_by_label("It comes from").fill(f"first-{unknown}")
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text(found)).to_be_visible()
    expect(page.get_by_role("heading", name="What the file does not say")).to_be_visible()
    settle(page, "hotel code", "LIS")
    settle(page, "day of the status", "departure")
    expect(page.get_by_role("heading", name="What do these mean in «状态»?")).to_be_visible()
    settle(page, f"{unknown} 3 rows", "checked_out")
    expect(page.get_by_role("region", name="The first rows, as understood")).to_contain_text("checked out")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("link", name="See the guests")).to_be_visible(timeout=UNTIL_READ)
    expect(page.get_by_role("region", name="What was understood of each column")).to_contain_text("国籍")
    page.goto("/segments/segments/new")
    page.get_by_label("Name", exact=True).fill(f"Guests of the first file {unknown}")
    page.get_by_role("button", name="Save").click()
    page.goto("/segments/segments")
    expect(page.get_by_text(f"Guests of the first file {unknown}")).to_be_visible()
