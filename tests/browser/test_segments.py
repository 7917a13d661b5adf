"""A marketer makes a segment from a template, sees why a guest is in it, and exports it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.again import read_until
from tests.browser.conftest import Visitor


def saved_from_template(page: Page, name: str) -> tuple[str, str]:
    """The name and the number of a guest who is in it."""
    page.goto("/segments/segments")
    page.get_by_role("link", name="Start from a template").first.click()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_label("Name")).to_have_value(name)
    link = page.locator(".rule-guests a").first
    guest, number = link.inner_text(), str(link.get_attribute("href")).rsplit("/", 1)[1]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return guest, number


def once_counted(page: Page) -> None:
    """A new rule is asked of all guests behind the page."""
    title = page.get_by_role("heading", level=1)
    read_until(page, lambda: "being counted again" not in title.inner_text(), "the guests are not counted")


def test_a_segment_from_a_template_explained_and_exported(visitor: Visitor) -> None:
    page = visitor.signed_in("marta")
    guest, number = saved_from_template(page, "Weekend guests")
    page.get_by_role("link", name="Figures, why, export").click()

    page.get_by_label("Guest", exact=True).fill(guest)
    page.get_by_role("button", name="Look up").click()
    if page.get_by_role("heading", name="Why is a guest in it, or not?").count():
        page.locator(f"main ul.lines a[href$='{number}']").click()
    once_counted(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is in «Weekend guests»")
    expect(page.get_by_text("Condition by condition, as of today")).to_be_visible()
    expect(page.locator(".why li").first).to_contain_text("This guest:")

    page.get_by_role("navigation").get_by_role("link", name="Weekend guests").click()
    page.get_by_role("button", name="Make an export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download, as of now").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows, "whoever is in it now"
    assert all("•" in row["E-mail"] for row in rows if "@" in row["E-mail"]), "a marketer sees no addresses"
