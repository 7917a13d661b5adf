"""A mail from elsewhere: what becomes of it, what is left out and told, and that nothing of others acts in it."""

from __future__ import annotations

import contextlib
import time

import pytest

from services.messaging.channels.email.blocks.registry import BLOCKS, read_block
from services.messaging.channels.email.incoming.merge_tags import merge_tags, with_values
from services.messaging.channels.email.incoming.reading import LARGEST, Incoming, Why, decoded, read_incoming
from shared.errors import InputError, Problem

FILE = "b" * 64 + ".jpg"
HERO = "https://cdn.example/hero.jpg"
HTML = """<!DOCTYPE html><html><head><title>Spring at the lake</title>
<style>.btn{background-color:#aa3355} @media (max-width:600px){#a{width:100%}}</style>
<script>evil()</script></head><body onload="evil()">
<table width="640"><tr><td><img src="https://cdn.example/hero.jpg" alt="The lake"></td></tr>
<tr><td><h1>Hello *|FNAME|*</h1><p>Dear {{ contact.first_name }}, <b>spring</b> is *here*.
<a href="https://hotel.example/spring">Read more</a> %recipient.last_name%</p>
<ul><li>One <i>thing</i></li><li>Two</li></ul><hr>
<a class="btn" href="https://hotel.example/book">Book now</a></td></tr>
<tr><td><p>Left</p></td><td><p>Right</p></td></tr>
<tr><td style="position:absolute">You get this as our guest. <a href="*|UNSUB|*">Unsubscribe</a></td></tr></table>
<img src="https://track.example/open.gif?u=1" width="1" height="1">
<iframe src="x"></iframe></body></html>"""
MJML = """<mjml><mj-head><mj-title>T</mj-title><mj-preview>P</mj-preview><mj-attributes>
<mj-text color="#112233"/><mj-class name="big" font-size="30px"/></mj-attributes></mj-head><mj-body>
<mj-section><mj-column><mj-text mj-class="big">Hi [[name]]<br/>you</mj-text>
<mj-button href="https://a.example/">Go</mj-button><mj-divider/></mj-column></mj-section></mj-body></mjml>"""


def read(text: str = HTML, **pictures: str) -> Incoming:
    return read_incoming(text, {}, {HERO: FILE} if pictures.get("taken") else {})


def test_a_simple_mail_becomes_our_blocks() -> None:
    found = read(taken="yes")
    assert found.subject == "Spring at the lake" and found.fault is None and found.pictures == ()
    assert found.blocks == [
        {"picture": {"file": FILE, "alt": "The lake", "width": 100, "align": "center"}},
        {"heading": {"text": "Hello {{ guest.first_name }}", "level": 1, "align": "left"}},
        {
            "text": {
                "text": "Dear {{ guest.first_name }}, **spring** is \\*here\\*. [Read more](https://hotel.example/spring)",
                "align": "left",
            }
        },
        {"text": {"text": "- One *thing*\n- Two", "align": "left"}},
        {"divider": {}},
        {"button": {"label": "Book now", "link": "https://hotel.example/book", "align": "center"}},
        {
            "columns": {
                "columns": [
                    [{"text": {"text": "Left", "align": "left"}}],
                    [{"text": {"text": "Right", "align": "left"}}],
                ]
            }
        },
    ]
    for block in [*found.blocks, {"source": {"text": found.source}}]:
        read_block(block, BLOCKS)


def test_whatever_is_left_out_is_told_with_its_line_and_why() -> None:
    found = read()
    assert [(one.line, one.why, one.what) for one in found.gone] == [
        (2, Why.STYLE, "@media, :hover"),
        (3, Why.NO_MAIL, "<script>"),
        (6, Why.TAG, "%recipient.last_name%"),
        (10, Why.FOOTER, "You get this as our guest. Unsubscribe"),
        (10, Why.NO_MAIL, "position: absolute"),
        (11, Why.PIXEL, "https://track.example/open.gif?u=1"),
        (12, Why.NO_MAIL, "<iframe>"),
    ]
    assert found.pictures == (HERO,)
    assert "Unsubscribe" not in found.source and "track.example" not in found.source and "*|" not in found.source


def test_a_document_of_mjml_brings_its_heads_looks_along() -> None:
    found = read(MJML)
    assert (found.subject, found.preview, found.fault) == ("T", "P", None)
    assert 'color="#112233"' in found.source and 'font-size="30px"' in found.source and "<mj-body" not in found.source
    assert found.blocks == [
        {"text": {"text": "Hi {{ guest.name }}\nyou", "align": "left"}},
        {"button": {"label": "Go", "link": "https://a.example/", "align": "center"}},
        {"divider": {}},
    ]


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("{{ first_name }}", "guest.first_name"),
        ("{{contact.FIRSTNAME|default:'x'}}", "guest.first_name"),
        ("*|FNAME|*", "guest.first_name"),
        ("%recipient.name%", "guest.name"),
        ("%%FirstName%%", "guest.first_name"),
        ("[[name]]", "guest.name"),
        ("${guest.firstName}", "guest.first_name"),
        ("*|LNAME|*", ""),
        ("{{ email }}", ""),
        ("{{{unsubscribe}}}", "links.unsubscribe"),
        ("{{ check_in_date }}", "stay.arrival"),
        ("*|LIST:ADDRESS|*", "sender.postal_address"),
        ("{{ hotel_name }}", "property.name"),
        ("{% if x %}", ""),
        ("{{ shoe_size }}", ""),
    ],
)
def test_what_others_write_is_proposed_as_one_of_our_values_and_never_stands_raw(tag: str, value: str) -> None:
    assert [(one.text, one.proposed) for one in merge_tags(f"a {tag} b")] == [(tag, value)]
    assert with_values(f"a {tag} b", {}) == ("a {{ " + value + " }} b" if value else "a  b")
    assert with_values(f"a {tag} b", {tag: "property.contact"}) == "a {{ property.contact }} b"


def test_our_own_values_stay_as_they_are() -> None:
    ours = '{{ guest.first_name | default("you") }}, {{ property.name }}'
    assert merge_tags(ours) == [] and with_values(ours, {}) == ours


def test_a_table_of_figures_stays_source() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in range(5))}</tr>" for _ in range(3))
    assert read(f"<table>{rows}</table>").blocks is None


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("<p>Grüße".encode(), "<p>Grüße"),
        ("<p>Grüße".encode("cp1252"), "<p>Grüße"),
        ("<p>Grüße".encode("utf-16"), "<p>Grüße"),
        (b"<meta charset=gb2312>" + "<p>您好".encode("gb2312"), "<meta charset=gb2312><p>您好"),
    ],
)
def test_a_file_is_read_in_its_letters(file: bytes, text: str) -> None:
    assert decoded(file) == text


@pytest.mark.parametrize(
    ("file", "code"),
    [(b" ", "missing"), (b"<" * (LARGEST + 1), "too_large"), (b"PK\x03\x04", "no_mail"), (b"<\x00", "no_mail")],
)
def test_what_is_no_mail_is_refused(file: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        decoded(file)
    problem = refused.value.problems["file"]
    assert isinstance(problem, Problem) and problem.code == code


@pytest.mark.parametrize(
    "bomb",
    ["<div>", "<style", "<!--[if", "<!--", "<a ", "</", "<![CDATA[", "<?", "&#", "{{", "*|", "<table><a href=unsub>x"],
)
def test_a_bomb_does_not_hold_anybody_up(bomb: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(InputError):
        read("<p>" + bomb * (LARGEST // len(bomb)))
    assert time.process_time() - begun < 5
