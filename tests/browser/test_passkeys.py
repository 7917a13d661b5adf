"""Passkeys in a real Chromium with a virtual authenticator: made, used in place of all, removed, refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from werkzeug.serving import make_server

from services.console.config import Config
from services.console.service import SERVICE
from shared.clock import SystemClock
from shared.web.config import WebConfig
from tests.conftest import MakeDatabase
from tests.console.staff import MARTA_MAIL, MARTAS, House, open_house
from tests.loopback import free_port


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


@pytest.fixture
def origin(house: House) -> Iterator[str]:
    """The console's pages under a name, as passkeys need it."""
    port = free_port()
    web = WebConfig(f"http://localhost:{port}", gateway="http://127.0.0.1:9")
    server = make_server(
        "127.0.0.1", port, SERVICE.build_web(Config(), house.database, SystemClock(), web), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield web.origin
    server.shutdown()
    thread.join()


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=origin, locale="en-GB")
    yield context.new_page()
    context.close()


def authenticator(page: Page, *, unlocks: bool = True) -> tuple[CDPSession, str]:
    """A device that keeps keys behind its own lock. `unlocks`: whether its owner opens the lock."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable", {"enableUI": False})
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": unlocks, "automaticPresenceSimulation": True}
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devices, made["authenticatorId"]


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail").fill(MARTA_MAIL)
    page.get_by_label("Password").fill(MARTAS)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, name: str = "Work laptop") -> None:
    page.goto("/account/second-factor")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def is_account(url: str) -> bool:
    return urlsplit(url).path == "/account"


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_passkey_is_made_named_used_in_place_of_all_and_removed(page: Page, house: House) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    authenticator(page)
    sign_in(page)
    expect(page.get_by_text("Your password alone opens your account.")).to_be_visible()
    add_passkey(page)
    expect(page.get_by_role("cell", name="Work laptop")).to_be_visible()
    sign_out(page)

    page.goto("/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(is_account)
    expect(page.get_by_text("with a passkey")).to_be_visible()
    assert house.one("select used_at is not null and sign_count > 0 from passkey") is True
    assert house.one("select count(*) from passkey_challenge") == 0

    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/sign-in/code")  # the password alone opens nothing any more
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(is_account)

    page.goto("/account/second-factor")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("cell", name="Work laptop")).to_have_count(0)
    sign_out(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("This passkey opens nothing here. Use your password.")
    assert refused == []


def test_a_device_that_was_not_unlocked_proves_nobody(page: Page, house: House) -> None:
    devices, number = authenticator(page)
    sign_in(page)
    add_passkey(page)
    expect(page.get_by_role("cell", name="Work laptop")).to_be_visible()
    sign_out(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("The device gave no passkey. Try again.")
    assert house.one("select count(*) from session where signed_in_by = 'passkey'") == 0


def test_an_answer_is_taken_once_and_a_copied_key_is_noticed(page: Page, house: House) -> None:
    authenticator(page)
    sign_in(page)
    add_passkey(page)
    expect(page.get_by_role("cell", name="Work laptop")).to_be_visible()
    sign_out(page)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/sign-in/passkey") else None)
    page.goto("/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(is_account)
    sign_out(page)
    page.goto("/sign-in")
    again = page.evaluate(
        """async (body) => {
            const token = document.querySelector("[name=csrf_token]").value;
            const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
            await fetch("/sign-in/passkey/question", {method: "POST", headers, body: "{}"});
            return (await fetch("/sign-in/passkey", {method: "POST", headers, body})).status;
        }""",
        sent[0],
    )
    assert again == 422
    with house.database.transaction() as tx:
        tx.execute("update passkey set sign_count = sign_count + 1000")  # its copy has signed more often than it
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_be_visible()
