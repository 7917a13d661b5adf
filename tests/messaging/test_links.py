"""Links of texts: which are tracked, how short they are, where they lead, and what is wrong with a bad one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.library.rendering import Library, missing_values
from services.messaging.rules.links.targets import plain_links, problem_of, with_utm, without_values
from services.messaging.wording.links import LinkMaker
from services.messaging.wording.values import Hotel
from shared.crypto.sealing import KeyRing
from shared.crypto.short_links import MOST_LINKS, ShortLinkSigner, numbered, read_short_link
from shared.errors import InputError
from shared.ids import make_id
from tests.messaging.words import document, values

SPA = "https://hotel.example/spa"
MESSAGE = make_id("message", 1)
MARKS = "utm_source=guestloop&utm_medium=email&utm_campaign=win-back&utm_content=first%20mail"


def texts(body: list[Any], sms: str = "") -> Library:
    written = document(body=body)
    if sms:
        written["locales"]["en"]["sms"] = {"text": sms}
    return Library([read_template(written, version=1)])


def tracked(number: int) -> str:
    return f"https://go.example/l/token{number}"


def test_buttons_and_plain_addresses_are_tracked_in_order_and_the_text_shows_where_they_lead() -> None:
    body = [
        f"See {SPA}?a=1&b=2.",
        {"button": {"label": "Book", "link": f"{SPA}/book"}},
        "Dear Ana, (https://x.example/y)!",
    ]
    rendered = texts(body).render("note", "en", "email", values(), tracked=tracked)
    assert "See https://go.example/l/token1.\n" in rendered.text
    assert "Book\nhttps://go.example/l/token2\n" in rendered.text and "(https://go.example/l/token3)!" in rendered.text
    html = rendered.html or ""
    assert '<a href="https://go.example/l/token1" class="link" style="color:#2f4a43;">hotel.example/spa</a>.' in html
    assert 'href="https://go.example/l/token2"' in html and "hotel.example/spa?a" not in html


def test_without_tracking_links_lead_straight_and_nothing_is_added() -> None:
    body = [f"See {SPA}?a=1&b=2.", {"button": {"label": "Book", "link": f"{SPA}/book"}}]
    rendered = texts(body, sms=f"See {SPA}?a=1").render("note", "en", "email", values())
    assert f"See {SPA}?a=1&b=2.\n" in rendered.text and f"Book\n{SPA}/book\n" in rendered.text
    assert f'href="{SPA}?a=1&amp;b=2"' in (rendered.html or "")


@pytest.mark.parametrize(
    "link",
    [
        "tel:+351 21 000 0000",
        "mailto:casa@alfama.example",
        "https://maps.google.com/?q=Alfama",
        "https://maps.apple.com/x",
    ],
)
def test_telephones_mailboxes_and_maps_are_opened_straight(link: str) -> None:
    rendered = texts([{"button": {"label": "Go", "link": link}}]).render(
        "note", "en", "email", values(), tracked=tracked
    )
    assert f"Go\n{link}\n" in rendered.text and "/l/" not in rendered.text


def test_a_text_message_pays_for_few_letters(keyring: KeyRing) -> None:
    maker = LinkMaker("https://go.example", ShortLinkSigner(keyring))
    library = texts(["Hello."], sms=f"Offers: {SPA}?campaign=summer-in-the-mountains-with-the-family")
    text = library.render("note", "en", "sms", values(), tracked=maker.of(MESSAGE)).text
    path = text.partition("https://go.example")[2].split()[0]
    assert path.startswith("/l/") and len(path) <= 22


def test_what_is_filled_into_an_address_stays_a_part_of_it() -> None:
    library = texts([SPA + "?h={{ property.name }}&d=1"])
    evil = values(hotel=Hotel("x&to=//evil.example/#?", "casa@alfama.example"))
    rendered = library.render("note", "en", "email", evil, tracked=tracked)
    assert rendered.kept == {1: f"{SPA}?h=x%26to%3D%2F%2Fevil.example%2F%23%3F&d=1"}
    assert "https://go.example/l/token1" in rendered.text
    assert texts([SPA]).render("note", "en", "email", values(), tracked=tracked).kept == {}


def test_a_value_that_an_address_needs_is_missed_as_in_any_text() -> None:
    library = texts([SPA + "?h={{ property.name }}"])
    without = {name: part for name, part in values().items() if name != "property"}
    needed = library.required_values("note", "en", "email")
    assert missing_values(needed, without) == ("property.name",)


def test_an_address_within_a_condition_or_a_default_is_left_to_it() -> None:
    body = [
        '{{ guest.name | default("https://x.example/nobody") }} and {% if guest.name is defined %}'
        + SPA
        + "{% endif %}"
    ]
    rendered = texts(body).render("note", "en", "email", values(), tracked=tracked)
    assert rendered.text.count("/l/") == 1 and "Anna" in rendered.text


def test_chinese_around_an_address_does_not_belong_to_it() -> None:
    text = f"详情请见{SPA}。也可以看看{SPA}/2，谢谢"
    assert [text[start:end] for start, end in plain_links(text)] == [SPA, f"{SPA}/2"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://hotel", "link_host"),
        ("https:///x", "link_host"),
        ("https://user:word@hotel.example/", "link_host"),
        ("https://{{ property.name }}.example/", "link_host"),
        ("https://hotel.example{{ property.name }}", "link_host"),
        ("https://hotel.example:99999/", "link_host"),
        ("https://hotel.example/a b", "link_signs"),
        ("https://hotel.example/%zz", "link_signs"),
        ("tel:reception", "link_tel"),
        ("mailto:casa", "link_mailto"),
        ("javascript:alert(1)", "no_link"),
        ("data:text/html,x", "no_link"),
        ("https://loop.example/console", "link_own"),
        ("HTTPS://LOOP.example", "link_own"),
        ("https://hotel.example/" + "x" * 2_000, "too_long"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_without_asking_anybody(target: str, code: str) -> None:
    problem = problem_of(target, ["https://loop.example"])
    assert problem is not None and problem.code == code


@pytest.mark.parametrize(
    "target",
    [
        *(
            SPA,
            "http://hotel.example",
            "https://hôtel.example/été",
            "https://hotel.example:8443/?a={{ property.name }}#x",
        ),
        *("tel:+351 21-000(0)", "mailto:a@hotel.example?subject=Hi", "https://loop.example/join/abc"),
    ],
)
def test_a_sound_address_is_let_pass(target: str) -> None:
    assert problem_of(target, ["https://loop.example"]) is None


def test_a_template_with_a_bad_address_is_not_published_and_the_place_is_named() -> None:
    written = document(body=["See https://hotel.", {"button": {"label": "Call", "link": "tel:me"}}])
    with pytest.raises(InputError) as caught:
        check(read_template(written, version=1))
    assert set(caught.value.problems) == {"/locales/en/email/body/0", "/locales/en/email/body/1/button/link"}
    with pytest.raises(InputError):
        read_template(document(body=[{"button": {"label": "x", "link": "javascript:alert(1)"}}]), version=1)


@pytest.mark.parametrize(
    ("url", "marked"),
    [
        (SPA, f"{SPA}?utm_source=guestloop&utm_medium=email&utm_campaign=win-back&utm_content=first%20mail"),
        (
            f"{SPA}?a=%20b#c",
            f"{SPA}?a=%20b&utm_source=guestloop&utm_medium=email&utm_campaign=win-back&utm_content=first%20mail#c",
        ),
        (
            f"{SPA}?utm_campaign=x&UTM_Source=y",
            f"{SPA}?utm_campaign=x&UTM_Source=y&utm_medium=email&utm_content=first%20mail",
        ),
    ],
)
def test_marks_are_added_and_never_overwrite_what_is_there(url: str, marked: str) -> None:
    assert with_utm(url, channel="email", journey="win-back", step="first mail") == marked


@pytest.mark.parametrize(
    ("target", "left"),
    [
        (SPA + "?h={{ property.name }}&d=1", f"{SPA}?d=1"),
        ("https://hotel.example/in/{{ property.name }}/x?a=1", "https://hotel.example/in/"),
        (SPA + "#{{ guest.name }}", SPA),
    ],
)
def test_once_its_values_are_forgotten_a_link_leads_to_the_page_without_them(target: str, left: str) -> None:
    assert without_values(target) == left


def test_a_token_is_read_back_and_its_neighbours_prove_nothing(keyring: KeyRing) -> None:
    signer = ShortLinkSigner(keyring)
    start = signer.of_message(MESSAGE)
    for number in (1, 9, 61, 62, 500, MOST_LINKS):
        link = read_short_link(numbered(start, number))
        assert link is not None and link.number == number and link.first < MESSAGE < link.last
        assert signer.proved(link, [make_id("message", 2), MESSAGE]) == MESSAGE
    forged = UUID(bytes=MESSAGE.bytes[:6] + bytes(10))  # it begins alike
    link = read_short_link(numbered(start, 1))
    assert link is not None and not signer.proves(link, forged)
    for token in ("", "x", start, start + "0", "z" * 18, start[:-1] + "é1", start + "123"):
        assert read_short_link(token) is None


def test_each_letter_of_a_token_counts(keyring: KeyRing) -> None:
    signer = ShortLinkSigner(keyring)
    token = signer.of_message(MESSAGE)
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        link = read_short_link(other + "1")
        assert link is None or not (link.first <= MESSAGE <= link.last and signer.proves(link, MESSAGE))
