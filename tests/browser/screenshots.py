"""A picture of every page (`make screenshots`): wide, on a phone, in Chinese, in the dark, empty, and five years full.

They go to `pictures/`, which is not kept; `docs/pictures/timeline.png`, which README shows, is.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Installation, Visitor, end, make_small_demo, opened_chromium, serve
from tests.browser.demo import told_guest, unanswered_surveys, ways_out
from tests.browser.pages import ALWAYS, every_page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "pictures"
TIMELINE = ROOT / "docs" / "pictures" / "timeline.png"
LOOKS: dict[str, dict[str, bool]] = {
    "wide": {},
    "phone": {"phone": True},
    "chinese": {"chinese": True},
    "dark": {"dark": True},
}
OF_FIGURES = {
    name: address
    for name, address in ALWAYS.items()
    if name == "home" or address.startswith(("/figures", "/segments/", "/campaigns/returns", "/feedback/answers"))
}
"""What looks another way with many years behind it."""
MANY, COUNTED_WITHIN, LOOKS_EVERY = 3000, 300, 2000  # guests, seconds, milliseconds
CHOSEN = "seven slow boats at dusk"
SAID = "A lovely stay. Only the heating knocked all night, and nobody came to look."


def main() -> int:
    with opened_chromium() as browser, tempfile.TemporaryDirectory() as folder:
        if browser is None:
            print("Chromium is not installed: no pictures.", file=sys.stderr)
            return 1
        with demo(Path(folder) / "demo", browser) as visitor:
            take_timeline(visitor)
            for look, wanted in LOOKS.items():
                page = visitor.signed_in("ada", **wanted)
                take(page, every_page(page), PICTURES / look)
            take(visitor.open(phone=True), pages_of_guests(visitor.installation.home), PICTURES / "guests")
        with nothing_yet(Path(folder) / "empty", browser) as page:
            take(page, ALWAYS, PICTURES / "empty")
        with five_years(Path(folder) / "full", browser) as visitor:
            await_figures(visitor)
            for look, wanted in LOOKS.items():
                take(visitor.signed_in("ada", **wanted), OF_FIGURES, PICTURES / "full" / look)
    return 0


@contextmanager
def demo(home: Path, browser: Browser) -> Iterator[Visitor]:
    make_small_demo(home, datetime.now(UTC))
    with served(home, browser) as (visitor, _):
        yield visitor


@contextmanager
def five_years(home: Path, browser: Browser) -> Iterator[Visitor]:
    """The group with five years of stays behind it."""
    make_small_demo(home, datetime.now(UTC), guests=MANY, before=timedelta(days=5 * 365))
    with served(home, browser) as (visitor, _):
        yield visitor


def await_figures(visitor: Visitor) -> None:
    """Until what is counted at night was counted the first time."""
    page = visitor.signed_in("ada")
    for address in ("/segments/cohorts", "/segments/churn", "/figures/sources", "/segments/rfm"):
        began = time.monotonic()
        while not page.goto(address) or not page.locator("main table, main svg").count():
            assert time.monotonic() - began < COUNTED_WITHIN, f"{address} has no figures"
            page.wait_for_timeout(LOOKS_EVERY)


@contextmanager
def nothing_yet(home: Path, browser: Browser) -> Iterator[Page]:
    """A fresh installation, its administrator signed in."""
    with served(home, browser) as (visitor, said):
        signing = re.search(r"Sign in as (\S+) with the password (\S+)", said)
        assert signing is not None, said
        page = visitor.open()
        page.goto("/sign-in")
        page.locator("input[type=email]").fill(signing[1])
        page.locator("input[type=password]").fill(signing[2])
        page.locator("input[type=password]").press("Enter")
        page.locator("input[name=password][autocomplete=new-password]").fill(CHOSEN)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page


@contextmanager
def served(home: Path, browser: Browser) -> Iterator[tuple[Visitor, str]]:
    running = serve(home)
    try:
        yield Visitor(browser, Installation(running.origin, home), []), running.said
    finally:
        end(running)


def pages_of_guests(home: Path) -> dict[str, str]:
    links = {"survey": unanswered_surveys(home)[-1].path, "way-out": ways_out(home)[-1].path, "sign-in": "/sign-in"}
    return {f"{name}-{tongue}": f"{path}?in={tongue}" for name, path in links.items() for tongue in ("en", "zh-Hans")}


def take(page: Page, addresses: Mapping[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, address in addresses.items():
        page.goto(address, wait_until="networkidle")
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    print(f"{folder.relative_to(ROOT)}: {len(addresses)} pictures", flush=True)


def take_timeline(visitor: Visitor) -> None:
    """The story of a guest who was refused an offer with its reason, answered, and has a case."""
    guest = told_guest(visitor.installation.home)
    page = visitor.signed_in("ada", small=True)
    page.goto(f"/feedback/cases/new?guest={guest}")
    page.locator("textarea").fill(SAID)
    page.locator("button[value=follow_up]").click()
    page.wait_for_url("**/feedback/cases/*-*")
    page.goto(f"/segments/guests/{guest}", wait_until="networkidle")
    TIMELINE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=TIMELINE)


if __name__ == "__main__":
    sys.exit(main())
