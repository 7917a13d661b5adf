"""A guest follows a code of the hotel's and signs up; whose address once said STOP confirms by the link."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, LiteralString

import pytest
from playwright.sync_api import Page, expect

from shared.crypto.signing import LinkSigner
from shared.embedded.home import Home
from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import asked
from tests.browser.test_people_with_other_needs import AXE, hurdles

WORDS = "Yes, send me your offers by e-mail. I can end this at any time."
ASKED: LiteralString = "select message_id from confirmation where confirmed_at is null"


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe is not there: deploy/install-browser brings it")
    return AXE.read_text()


def make_form(page: Page, code: str) -> None:
    page.goto("/segments/sign-ups/new")
    page.get_by_label("Name, for colleagues").fill("Front desk")
    page.get_by_label("Address", exact=True).fill(code)
    page.get_by_label("Hotel", exact=True).last.select_option("LIS")
    page.locator("#content").get_by_text("简体中文").click()
    page.locator("input[name='zh-Hans.offered']").check()
    for tag in ("en", "zh-Hans"):
        page.locator(f"[name='{tag}.privacy']").fill("https://tejo.example/privacy")
        page.locator(f"[name='{tag}.imprint']").fill("Casa do Tejo Hotels · Rua do Cais 1, Lisboa")
    page.get_by_role("button", name="Make the form").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Guests can sign up now.")).to_be_visible()


def sign_up(phone: Page, link: str) -> None:
    phone.goto(link)
    phone.get_by_label("Given name").fill("Nuria")
    phone.get_by_label("Family name").fill("Quayle")
    phone.get_by_label("E-mail address").fill("nuria.quayle@example.com")
    phone.get_by_text(WORDS).tap()
    phone.get_by_role("button", name="Sign me up").tap()
    expect(phone.get_by_role("status")).to_have_text("Thank you.")
    assert phone.context.cookies() == []


def soon(look: Callable[[], list[Any]]) -> Any:
    """What is there a moment later: roles and events take theirs."""
    for _ in range(120):
        if found := look():
            return found[0]
        time.sleep(0.5)
    raise AssertionError("it did not come about")


def test_from_the_code_to_a_confirmed_consent(visitor: Visitor, installation: Installation, axe: str) -> None:
    marta = visitor.signed_in("ada")
    make_form(marta, "tejo-desk")
    assert not hurdles(marta, axe)
    marta.get_by_role("link", name="Sheet").first.click()
    link = marta.locator(".sheet-link").inner_text()
    assert not hurdles(marta, axe)
    phone = visitor.open(phone=True)
    phone.goto(link)
    assert not hurdles(phone, axe)
    sign_up(phone, link)

    (guest,) = soon(lambda: asked(installation.home, "messaging", HERS))
    hers = f"/messaging/guests/{guest}/consents"
    marta.goto(hers)
    expect(marta.get_by_text(WORDS)).to_be_visible()
    expect(marta.get_by_text("tejo-desk, version 1, en")).to_be_visible()
    marta.get_by_role("button", name=re.compile("Withdraw")).first.click()
    expect(marta.get_by_role("button", name=re.compile("Withdraw"))).to_have_count(0)

    sign_up(phone, link)
    (message,) = soon(lambda: asked(installation.home, "messaging", ASKED))
    token = LinkSigner.of(Home(installation.home).keyring()).sign("confirm", message)
    phone.goto(f"/messaging/confirmation/{token}?in=en")
    expect(phone.get_by_text(WORDS)).to_be_visible()
    phone.get_by_role("button", name="Yes, I confirm").tap()
    expect(phone.get_by_role("status")).to_have_text(re.compile("is confirmed"))
    assert soon(lambda: [one for one in asked(installation.home, "messaging", ALLOWS) if one[0] == guest])


HERS: LiteralString = """
    select guest_id from consent where source_ref like 'sign-up %' and state = 'express'
"""
ALLOWS: LiteralString = """
    select guest_id from consent where channel = 'email' and purpose = 'marketing' and state = 'express'
        and source_ref like 'confirmed by the link%'
"""


def test_a_chinese_guest_without_a_keyboard_finds_their_way(visitor: Visitor, axe: str) -> None:
    make_form(visitor.signed_in("ada"), "tejo-lift")
    page = visitor.open(phone=True, chinese=True)
    page.goto("/join/tejo-lift")
    expect(page.get_by_role("heading", name="保持联系")).to_be_visible()
    page.get_by_role("button", name="登记").tap()
    expect(page.get_by_text("请勾选您希望收到的内容。")).to_be_visible()
    assert not hurdles(page, axe)


BOOKED: LiteralString = """
    select stay.reservation, guest.family_name, guest.id from stay join guest on guest.id = stay.guest_id
    where stay.property = 'LIS' and stay.status = 'checked_in' and guest.erased_at is null and guest.merged_into is null
        and guest.family_name <> ''
    order by stay.reservation limit 1
"""


@pytest.mark.proof
def test_a_guest_looks_through_their_data_at_the_kiosk_and_it_forgets_them(
    visitor: Visitor, installation: Installation, axe: str
) -> None:
    ((number, name, guest),) = asked(installation.home, "segments", BOOKED)
    make_form(visitor.signed_in("ada"), "tejo-kiosk")
    tablet = visitor.signed_in("ada")
    tablet.goto("/segments/today")
    tablet.get_by_role("link", name="Kiosk").click()
    assert not hurdles(tablet, axe)
    tablet.locator("#f-property").select_option("LIS")
    tablet.get_by_label("PIN that ends it").fill("2468")
    tablet.get_by_role("button", name="Start the kiosk").click()
    assert not hurdles(tablet, axe)
    tablet.get_by_label("Reservation number").fill(str(number))
    tablet.get_by_label("Family name").fill(str(name))
    tablet.get_by_role("button", name="Open my details").click()
    expect(tablet.get_by_role("heading", name="Are these details right?")).to_be_visible()
    assert not hurdles(tablet, axe)
    tablet.get_by_label("E-mail address").fill("kiosk.guest@example.com")
    tablet.get_by_text(WORDS).click()
    tablet.get_by_role("button", name="These are right").click()
    expect(tablet.get_by_role("status")).to_have_text("Thank you. Everything is noted.")
    tablet.go_back()
    expect(tablet.get_by_label("Reservation number")).to_be_visible()
    assert str(name) not in tablet.content()
    tablet.goto("/segments/guests")
    expect(tablet.get_by_role("heading", name="Guests")).to_have_count(0)
    marta = visitor.signed_in("ada")
    soon(lambda: asked(installation.home, "messaging", HERS_AT_THE_DESK))
    marta.goto(f"/messaging/guests/{guest}/consents")
    expect(marta.get_by_text("kiosk: tejo-kiosk, version 1, en")).to_be_visible()


HERS_AT_THE_DESK: LiteralString = """
    select guest_id from consent_ledger where source_ref like 'sign-up %' and proof_sealed is not null
        and guest_id in (select guest_id from recipient where home_property = 'LIS')
"""
