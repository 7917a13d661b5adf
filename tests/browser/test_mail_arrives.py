"""From the first block to the guest's click: a mail is built, published, really sent, read and followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from guestloop.operations.connect import connect
from services.messaging.commands.clicks import judge_visits
from services.messaging.rules.links.clicks import JUDGED_AFTER
from shared.bus.outbox import publish
from shared.clock import SystemClock
from shared.database.pool import Tx
from shared.events.campaigns import MessageRequested
from shared.events.dictionary import chunk_of
from shared.ids import make_id
from shared.vocabulary.purpose import Purpose
from tests.browser.again import read_until
from tests.browser.conftest import Installation, Visitor, end, serve
from tests.browser.mails import LOGO_WIDE, logo
from tests.browser.test_mail_editor import begun, block, pool, settled
from tests.messaging.mail_server import Inbox, inbox
from tests.segments.test_import import line, write

CHOSEN, TARGET = "seven slow boats at dusk", "https://hotel.example/way"
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GUESTS = frozenset({"rita@example.com", "mei@example.com"})
MESSAGE = make_id("message", "before you come")
__all__ = ["pool"]


@dataclass
class House:
    visitor: Visitor
    page: Page
    inbox: Inbox

    @contextmanager
    def database(self, service: str) -> Iterator[Tx]:
        home = {"GUESTLOOP_HOME": str(self.visitor.installation.home)}
        with connect(home, SystemClock()) as found, found.group.database(service).transaction() as tx:
            yield tx


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[House]:
    """A fresh installation whose mail server is on loopback, and its first administrator."""
    home = tmp_path_factory.mktemp("sending") / "home"
    with inbox() as server:
        way = {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": "127.0.0.1", "GUESTLOOP_SMTP_PORT": str(server.port)}
        served = serve(
            home, {**way, "GUESTLOOP_SMTP_SECURITY": "none", "GUESTLOOP_MAIL_FROM": "hello@casa.example.com"}
        )
        try:
            visitor = Visitor(chromium, Installation(served.origin, home), [])
            page = visitor.open()
            page.on("dialog", lambda asked: asked.accept())
            first_sign_in(page, served.said)
            yield House(visitor, page, server)
            for context in visitor.contexts:
                context.close()
        finally:
            end(served)


def first_sign_in(page: Page, said: str) -> None:
    found = re.search(r"Sign in as (\S+) with the password (\S+)", said)
    assert found is not None, said
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(found[1])
    page.get_by_label("Password").fill(found[2])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password").fill(CHOSEN)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def fill(page: Page, fields: Mapping[str, str]) -> None:
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(text)


def where_it_is_noon(now: datetime) -> str:
    """A zone of whole hours: nobody is written to at night, and this may run at any hour."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def a_hotel_and_its_guests(page: Page, folder: Path) -> None:
    page.goto("/properties")
    page.get_by_role("link", name="Add a hotel").first.click()
    fill(page, {"Code": "LIS", "Hotel name": "Casa do Rio", "Time zone": where_it_is_noon(datetime.now(UTC))})
    fill(page, {"Country": "PT", "Legal entity": "Casa, Lda.", "Postal address": "Rua 1, Lisboa"})
    fill(page, {"Contact": "+351 21 000 0000"})
    page.get_by_role("button", name="Save").first.click()
    guests = [
        line(9001, first_name="Rita", email="rita@example.com", language="en", country="", phone=""),
        line(9002, first_name="梅", last_name="李", email="mei@example.com", language="zh", country="", phone=""),
    ]
    page.goto("/segments/imports")
    page.get_by_label("File", exact=True).set_input_files(write(folder / "guests.csv", guests))
    page.get_by_label("It comes from").fill("front-office")
    page.get_by_role("button", name="Look at the file").click()
    for choice in (
        "the guest agreed expressly, and that can be shown",
        "the guest refused: no later file changes that",
    ):
        page.get_by_label(choice).check()
        page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("link", name="See the guests")).to_be_visible(timeout=60_000)


def an_offer(page: Page, fill_in_more: Callable[[Page], None] = lambda _: None) -> None:
    page.goto("/messaging/offers/new")
    fill(page, {"Name": "A glass at sunset", "Terms": "One a guest, on the terrace.", "The gift": "a glass of wine"})
    page.get_by_label("Kind").select_option("gift")
    page.get_by_label("Code", exact=True).select_option("word")
    page.get_by_label("The word").fill("SUNSET")
    fill_in_more(page)
    page.get_by_role("button", name="Save the draft").last.click()
    page.get_by_role("button", name="Make it live").click()
    expect(page.get_by_text("live", exact=True).first).to_be_visible()


def a_logo(page: Page) -> None:
    page.goto("/messaging/pictures")
    page.get_by_label("Add a picture").set_input_files({"name": "spa.png", "mimeType": "image/png", "buffer": logo()})
    page.get_by_role("button", name="Put it into the library").click()


def its_partner(page: Page) -> None:
    fill(page, {"Partner": "Spa Azul", "Colour": "#1f4e79"})
    page.get_by_label("spa", exact=True).check()


def add(page: Page, kind: str, below: int | None = None) -> None:
    of = page.locator("#mail-editor > .block-add, #mail-editor .block-add").first
    if below is not None:
        of = block(page, below).locator("> .block-add")
    of.locator("> summary").click()
    of.get_by_role("button", name=kind, exact=True).click()


def the_mail(page: Page, picture: Path) -> None:
    begun(page, "Before you come", purpose="marketing")
    page.get_by_label("The offer it makes").select_option(label="A glass at sunset")
    page.get_by_role("textbox", name="Subject line").fill("We look forward to you")
    add(page, "Text")
    page.keyboard.type("Soon you will be here. Our terrace: https://hotel.example/terrace?for=two")
    expect(block(page, 0).get_by_role("textbox")).to_contain_text("https://hotel.example/terrace?for=two")
    add(page, "Picture", below=0)
    block(page, 1).get_by_role("button", name="Choose a picture").click()
    page.get_by_role("dialog").get_by_label("Hand in a new one").set_input_files(picture)
    expect(block(page, 1).locator(".picture-shown img")).to_be_visible()
    block(page, 1).get_by_label("What it shows, for who does not see it").fill("The pool at dusk")
    add(page, "Button", below=1)
    page.keyboard.type("See the way")
    block(page, 2).get_by_label("an address, phone or mailbox").fill(TARGET)
    add(page, "Card of the offer", below=2)
    settled(page)
    wears_the_partners_brand(page.frame_locator("iframe").first)
    page.get_by_label("Another language").select_option("zh-Hans")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**language=zh-Hans*")
    page.locator("#f-subject-line").wait_for()  # the script has taken the page's place
    page.get_by_role("textbox", name="Subject line").fill("期待您的光临")
    add(page, "Text")
    page.keyboard.type("客房已准备好。")
    settled(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as version 1")).to_be_visible()


def wears_the_partners_brand(mail: Page | FrameLocator) -> None:
    words = mail.get_by_text("An offer of Spa Azul")
    expect(words.locator("xpath=..")).to_have_css("background-color", "rgb(31, 78, 121)")
    shown = mail.locator('p:has(+ p:has-text("An offer of Spa Azul")) img')
    expect(shown).to_have_js_property("naturalWidth", LOGO_WIDE)


@pytest.mark.proof
def test_a_mail_of_a_picture_a_button_and_an_offer_in_two_languages_reaches_the_guest_who_follows_it(
    house: House, pool: Path, tmp_path: Path
) -> None:
    page = house.page
    a_hotel_and_its_guests(page, tmp_path)
    a_logo(page)
    an_offer(page, its_partner)
    the_mail(page, pool)
    sent_and_followed(house)


def sent_and_followed(house: House) -> None:
    page = house.page
    with house.database("messaging") as tx:
        known = dict(tx.execute("select language, guest_id from recipient").fetchall())
    ask(house, known)
    mails = received(house)
    rita, mei = mails["rita@example.com"], mails["mei@example.com"]
    assert (rita["Subject"], mei["Subject"]) == ("We look forward to you", "期待您的光临")
    body = rita.get_body(("html",))
    assert body is not None
    reader = house.visitor.browser.new_context(user_agent=READER, ignore_https_errors=True)
    opened = reader.new_page()
    reader.route(re.compile("^https://hotel.example/"), lambda route: arrived(route))
    opened.set_content(body.get_content(), wait_until="load")
    shown = opened.get_by_role("img", name="The pool at dusk")
    assert shown.evaluate("image => image.naturalWidth") == 640
    expect(opened.get_by_text("SUNSET").first).to_be_visible()
    wears_the_partners_brand(opened)
    link = opened.get_by_role("link", name="See the way")
    assert "hotel.example" not in (link.get_attribute("href") or "")
    link.evaluate("link => link.removeAttribute('target')")
    link.click()
    expect(opened.get_by_text("This way")).to_be_visible()
    assert opened.url.startswith(f"{TARGET}?utm_source=")
    reader.close()
    with house.database("messaging") as tx:
        judge_visits(tx, datetime.now(UTC) + JUDGED_AFTER + timedelta(seconds=1), 100)
    page.goto(f"/messaging/messages/{MESSAGE}")
    links = page.locator("section", has=page.get_by_role("heading", name="Its links")).get_by_role("listitem")
    expect(links).to_have_text(
        [re.compile(r"hotel.example/terrace\s*not opened"), re.compile(r"hotel.example/way\s*opened")]
    )


def arrived(route: Route) -> None:
    route.fulfill(body="<h1>This way</h1>", content_type="text/html")


def ask(house: House, guests: Mapping[str, UUID]) -> None:
    """As the step of a journey asks for it, whose ten minutes after the launch are over."""
    now = datetime.now(UTC)
    asked = [
        MessageRequested(
            message_id=MESSAGE if language == "en" else make_id("message", language),
            version=1,
            guest_id=guest_id,
            journey="before-you-come",
            journey_version=1,
            step="send",
            occurrence="once",
            plan=1,
            channels=["email"],
            purpose=Purpose.MARKETING,
            priority=10,
            template="before-you-come",
            property="LIS",
            stay_id=None,
            zone=where_it_is_noon(now),
            due_at=now,
            local_time=None,
            useful_until=now + timedelta(days=1),
            wants=[],
            holdout=0,
            values={},
            requested_at=now,
        )
        for language, guest_id in guests.items()
    ]
    with house.database("campaigns") as tx:
        publish(tx, chunk_of(asked), at=now)


def received(house: House) -> dict[str, EmailMessage]:
    """By guest; the people of the house get mails of their own, of each new device that signs in."""

    def by_reader() -> dict[str, EmailMessage]:
        return {mail["To"].addresses[0].addr_spec: mail for mail in house.inbox.mails}

    read_until(house.page, lambda: by_reader().keys() >= GUESTS, "not every guest got a mail", read=lambda: None)
    return by_reader()
