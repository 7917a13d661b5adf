"""A real installation, minutes old: the first person signs in and is told what comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.again import read_until
from tests.browser.conftest import Installation, Visitor, end, serve
from tests.messaging.dns_server import Zone, dns_server
from tests.messaging.mail_server import inbox
from tests.segments.test_import import line, write

pytestmark = pytest.mark.proof  # its tests follow one another in an installation of their own
CHOSEN = "seven slow boats at dusk"


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with dns_server() as found:
        yield found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, printed: dict[str, str], zone: Zone) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("fresh") / "home"
    outside = {"GUESTLOOP_DNS_RESOLVERS": f"127.0.0.1:{zone.port}", "GUESTLOOP_OUTGOING_NETWORKS": "127.0.0.0/8"}
    served = serve(home, outside)
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
    expect(steps.get_by_role("listitem")).to_have_count(9)
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


def logo(path: Path) -> Path:
    Image.new("RGB", (320, 120), (20, 90, 70)).save(path, "PNG")
    return path


class Newcomer:
    """Counts what somebody presses who does this for the first time."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses, self.began = page, 0, monotonic()

    def press(self, name: str, role: Literal["button", "link"] = "button") -> None:
        self.presses += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def fill(self, fields: Mapping[str, str]) -> None:
        for label, text in fields.items():
            self.page.get_by_label(re.compile(f"^{label}")).first.fill(text)

    def step(self, name: str) -> None:
        """From the list on the home page."""
        self.presses += 1
        self.page.goto("/")
        self.page.locator(".first-run").get_by_role("link", name=name).click()

    def is_done(self, name: str) -> None:
        """What the house does by itself may take a few seconds."""
        done = self.page.locator(".first-run li.done", has_text=name)
        self.page.goto("/")
        read_until(self.page, done.count, f"«{name}» is not ticked")


def test_from_an_empty_house_to_live_by_the_list_on_home(
    page: Page, printed: dict[str, str], zone: Zone, tmp_path: Path
) -> None:
    sign_in(page, printed["email"], CHOSEN)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    new = Newcomer(page)
    page.on("dialog", lambda asked: asked.accept())
    new.step("Add your hotel")
    new.fill({"Code": "LIS", "Hotel name": "Casa do Rio", "Time zone": "Europe/Lisbon", "Country": "PT"})
    new.fill({"Legal entity": "Casa, Lda.", "Postal address": "Rua 1, Lisboa", "Contact": "+351 21 000 0000"})
    new.press("Save")
    new.is_done("Add your hotel")

    new.step("Import your guests")
    file = write(tmp_path / "guests.csv", [line(n, email=f"guest-{n}@example.com") for n in (9001, 9002)])
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("It comes from").fill("front-office")
    new.press("Look at the file")
    for choice in ("nobody can show how it was given: no marketing", "the guest refused: no later file changes that"):
        page.get_by_label(choice).check()
        page.wait_for_load_state("networkidle")
    new.press("Import")
    expect(page.get_by_role("link", name="See the guests")).to_be_visible(timeout=60_000)
    new.is_done("Import your guests")
    new.is_done("Say what they agreed to")

    new.step("Show whose mail it is")
    page.get_by_label("Logo").set_input_files(logo(tmp_path / "logo.png"))
    new.press("Save")
    new.is_done("Show whose mail it is")

    new.step("Rehearse a journey")
    new.press("Use it")  # the birthday greeting
    new.press("Publish")
    new.press("Check and launch", "link")
    page.wait_for_load_state("networkidle")
    new.press("Launch")
    new.is_done("Rehearse a journey")

    with inbox() as server:
        new.step("Set up a sender and send yourself a test")
        new.press("New sender: e-mail", "link")
        new.fill(
            {"Name": "Casa's mail", "From": "hello@casa.example.com", "Server": "127.0.0.1", "Port": str(server.port)}
        )
        page.get_by_label("Encryption").select_option("none")
        new.press("Save")
        new.press("Send me a test")
        expect(page.get_by_text("It is on its way to you.")).to_be_visible()
        new.is_done("Set up a sender and send yourself a test")

        new.step("Show DNS that your mail is yours")
        new.press("casa.example.com", "link")
        new.press("Make a key to sign with")
        key = page.locator("section", has=page.get_by_role("heading", name="DKIM"))
        name, text = key.locator("dd code").first.inner_text(), key.get_by_label("Line to paste").input_value()
        zone.texts |= {name: [text], "casa.example.com": ["v=spf1 ip4:127.0.0.1 -all"]}
        zone.texts["_dmarc.casa.example.com"] = ["v=DMARC1; p=none"]
        zone.exchanges["casa.example.com"] = ["10 mx.casa.example.com."]
        new.press("Check again")  # it was looked for by itself, before the lines were there
        expect(page.get_by_text("all is found")).to_be_visible()

        new.step("Go live")
        expect(page.locator("#consequences")).to_contain_text("From now on 1 guest may be written to")
        new.press("Go live")
        expect(page.get_by_role("heading", name="The house is live")).to_be_visible()
    page.goto("/")
    expect(page.locator(".first-run")).to_have_count(0)
    print(f"from an empty house to live: {new.presses} presses, {monotonic() - new.began:.0f} seconds by machine")
