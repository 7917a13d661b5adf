"""A file of the hotel's system, dropped on the page with its faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.segments.test_import import line, write

UNTIL_READ = 60_000


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.signed_in("marta")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Five rows, two of them beyond reading."""
    some = [line(number, email=f"guest-{number}@example.com") for number in (9001, 9002, 9003)]
    return write(
        tmp_path / "night audit.csv",
        [*some, line(9004, arrival="soon", departure=""), line(9005, property="XXX")],
        separator=";",
    )


def look_at(page: Page, file: Path) -> None:
    page.goto("/segments/imports")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("It comes from").fill("front-office")
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("Nothing is imported yet.")).to_be_visible()


def bring(page: Page, file: Path) -> None:
    look_at(page, file)
    page.get_by_label("nobody can show how it was given: no marketing").check()
    page.wait_for_load_state("networkidle")
    page.get_by_label("the guest refused: no later file changes that").check()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("link", name="See the guests")).to_be_visible(timeout=UNTIL_READ)


def test_a_file_is_read_with_its_faults_told_by_line_and_the_same_again_changes_nothing(
    page: Page, export: Path
) -> None:
    bring(page, export)
    refused = page.get_by_role("region", name="Refused rows").locator("tbody tr")
    expect(refused.filter(has_text="not a date")).to_contain_text(["5arrival"])
    expect(refused.filter(has_text="no hotel of this code is known")).to_contain_text(["6hotel code"])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    assert saved.value.path().read_text().splitlines()[:2] == ["line,field,reason,value", "5,arrival,not a date,s•••"]
    bring(page, export)
    expect(page.get_by_text("Nothing changed: all that could be read was known already.")).to_be_visible()


def test_before_anything_is_imported_the_page_says_what_it_understood(page: Page, export: Path) -> None:
    look_at(page, export)
    expect(page.get_by_role("region", name="The first rows, as understood")).to_contain_text("Rita Cantu")
    expect(page.get_by_text("Hotels not known here")).to_be_visible()
    expect(page.get_by_text("rita@example.com")).to_have_count(0)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Bring in guests and stays")).to_be_visible()
