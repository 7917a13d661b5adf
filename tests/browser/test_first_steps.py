"""A real installation, minutes old: the first person signs in and is told what comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, Visitor, end, serve

CHOSEN = "seven slow boats at dusk"


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, printed: dict[str, str]) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("fresh") / "home"
    served = serve(home)
    found = re.search(r"Sign in as (?P<email>\S+) with the password (?P<password>\S+)", served.said)
    assert found is not None, served.said
    printed |= found.groupdict()
    try:
        yield Installation(served.origin, home)
    finally:
        end(served)


@pytest.fixture
def page(fresh: Installation, chromium: Browser) -> Iterator[Page]:
    visitor = Visitor(chromium, fresh, [])
    yield visitor.open()
    for context in visitor.contexts:
        context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_told_in_one_sentence_and_the_address_is_kept(page: Page, printed: dict[str, str]) -> None:
    sign_in(page, printed["email"], "not the one")
    expect(page.get_by_role("alert")).to_have_text("E-mail or password is not right.")
    expect(page.get_by_label("E-mail")).to_have_value(printed["email"])
    expect(page.get_by_label("Password")).to_have_value("")


def test_the_printed_password_opens_once_and_home_names_the_steps(page: Page, printed: dict[str, str]) -> None:
    sign_in(page, printed["email"], printed["password"])
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    page.get_by_label("New password").fill(CHOSEN)
    page.get_by_role("button", name="Save and continue").click()
    steps = page.locator("section", has=page.get_by_role("heading", name="Until your guests hear from you"))
    expect(steps.get_by_role("listitem")).to_have_count(7)
    page.get_by_role("link", name="Add a hotel").click()
    expect(page.get_by_role("heading", name="Add a hotel")).to_be_visible()


def test_empty_pages_teach_and_the_chosen_password_opens(page: Page, printed: dict[str, str]) -> None:
    sign_in(page, printed["email"], CHOSEN)
    for place, lesson in {
        "Guests": "No guests yet",
        "Sent": "Nothing was sent yet",
        "Cases": "Nobody waits.",
    }.items():
        page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name=place).click()
        expect(page.get_by_role("heading", name=lesson)).to_be_visible()
