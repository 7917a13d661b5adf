"""A whole installation with the demo group's last two months in it, and a Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from guestloop.composition.services import build_group, prepare_databases
from guestloop.demo.home import DemoHome
from guestloop.demo.make import employ
from guestloop.demo.open_work import leave_open_work
from guestloop.demo.play import play_year
from guestloop.demo.rows import BEFORE, write_rows
from shared.clock import VirtualClock
from shared.embedded.home import Home
from tests.browser.failures import keep, listen
from tests.loopback import free_port

PASSWORD = "the-tide-at-the-quay"
PLAYED = timedelta(days=60)
GUESTS = 600
WHOLE, SHELL = "chromium", "chromium-headless-shell"
UNTIL_SHOWN = 30_000  # a busy machine is no failure
WIDE, PHONE, MUCH = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 1467, "height": 1240}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Of a test that failed, the pages that are still open."""
    report = yield
    browser = item.funcargs.get("chromium") if isinstance(item, pytest.Function) else None
    if report.failed and call.when == "call" and isinstance(browser, Browser):
        report.sections.append(("pages of the failed test", keep(browser, item.nodeid)))
    return report


@dataclass(frozen=True)
class Installation:
    """`guestloop up` with the small demo group. Everybody of the demo's staff signs in with PASSWORD."""

    origin: str
    home: Path


def make_small_demo(path: Path, now: datetime, *, guests: int = GUESTS, before: timedelta = BEFORE) -> None:
    """A home as `guestloop up --demo` makes it, with fewer guests and less of the past played. `before`: how long ago
    the first of them arrived."""
    home = Home(path, durable=False)
    home.open()
    demo = DemoHome(home)
    demo.folder.mkdir(mode=0o700)
    write_rows(demo.export, now.date(), guests=guests, before=before)
    with home.postgres() as server:
        clock = VirtualClock(now - PLAYED)
        with closing(build_group(prepare_databases(server, home.keyring(), clock.now()), clock, {})) as group:
            play_year(group, clock, demo.export, now, 1, lambda _: None)
            employ(group, PASSWORD, now)
            leave_open_work(group, now)
    demo.write_ready(PASSWORD, now)


@dataclass(frozen=True)
class Served:
    """`said`: what `guestloop up` printed until it was up."""

    process: subprocess.Popen[str]
    origin: str
    said: str


def serve(home: Path, settings: Mapping[str, str] = MappingProxyType({})) -> Served:
    """`guestloop up`, once it is up."""
    port = free_port()
    environment = {**os.environ, "GUESTLOOP_HOME": str(home), "GUESTLOOP_PORT": str(port), **settings}
    command = [str(Path(sys.executable).parent / "guestloop"), "up"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C ends it" in line:
            Thread(target=process.stdout.read, daemon=True).start()  # whoever writes into a full pipe waits
            return Served(process, f"http://127.0.0.1:{port}", said)
    raise AssertionError("guestloop up ended by itself")


def end(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    served.process.wait(300)  # a busy machine is no failure


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("installation") / "home"
    make_small_demo(home, datetime.now(UTC))
    served = serve(home)
    try:
        yield Installation(served.origin, home)
    finally:
        end(served)


@contextmanager
def opened_chromium(*programs: str) -> Iterator[Browser | None]:
    """The first that is installed; None where none is."""
    found = next(filter(None, map(shutil.which, programs or (WHOLE,))), None)
    if found is None:
        yield None
        return
    with sync_playwright() as playwright:
        expect.set_options(timeout=UNTIL_SHOWN)
        browser = listen(playwright.chromium.launch(executable_path=found, args=["--no-sandbox"]))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium without windows of its own, which are three quarters of its work; `CHROMIUM=chromium` has them."""
    with opened_chromium(os.environ.get("CHROMIUM", SHELL), WHOLE) as browser:
        if browser is None:
            pytest.skip("Chromium is not installed")
        yield browser


@dataclass
class Visitor:
    """Somebody at the pages: opens windows of any size and language, signs in."""

    browser: Browser
    installation: Installation
    contexts: list[BrowserContext]
    keys: dict[tuple[str, bool], Any] = field(default_factory=dict)  # what a person's browser kept of signing in

    def open(
        self,
        *,
        phone: bool = False,
        chinese: bool = False,
        dark: bool = False,
        small: bool = False,
        scripts: bool = True,
    ) -> Page:
        """`small`: much of a page on a picture of 1100 by 930. `scripts`: False, the page's are not loaded."""
        context = self.browser.new_context(
            base_url=self.installation.origin,
            viewport=PHONE if phone else MUCH if small else WIDE,  # type: ignore[arg-type]
            device_scale_factor=0.75 if small else 1,
            locale="zh-CN" if chinese else "en-GB",
            color_scheme="dark" if dark else "light",
            has_touch=phone,
        )
        if not scripts:
            context.route("**/*.js", lambda route: route.abort())
        self.contexts.append(context)
        return context.new_page()

    def signed_in(self, name: str = "ada", *, chinese: bool = False, **more: bool) -> Page:
        """The way in costs a password's hash and two pages: whoever came in before goes on with that session."""
        page = self.open(chinese=chinese, **more)
        if kept := self.keys.get((name, chinese)):
            page.context.add_cookies(kept)
            page.goto("/")
            if "/sign-in" not in page.url:
                return page
        self._sign_in(page, name)
        self.keys[name, chinese] = page.context.cookies()
        return page

    def _sign_in(self, page: Page, name: str) -> None:
        page.goto("/sign-in")
        page.locator("input[type=email]").fill(f"{name}@example.com")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("input[type=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.fixture(scope="package")
def signed_in_before() -> dict[tuple[str, bool], Any]:
    """By name and language, the cookies of those who signed in for a test before."""
    return {}


@pytest.fixture
def visitor(
    chromium: Browser, installation: Installation, signed_in_before: dict[tuple[str, bool], Any]
) -> Iterator[Visitor]:
    made = Visitor(chromium, installation, [], signed_in_before)
    yield made
    for context in made.contexts:
        context.close()
