"""Source that somebody wrote: drawn as they wrote it, harmless, with values and tracked links; its faults by line."""

from __future__ import annotations

from typing import Any

import pytest

from services.messaging.channels.email.source.reading import LONGEST, Unreadable, read_source
from services.messaging.channels.email.written_as_source import as_source, whole_as_source
from services.messaging.library.advice import advice
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.library.gallery import gallery
from services.messaging.library.rendering import prepared
from services.messaging.wording.links import as_long
from services.messaging.wording.piece import Rendered
from shared.errors import InputError, Problem
from tests.messaging.words import document, values

PICTURE = "a" * 64 + ".jpg"
MJML = f"""<mj-section background-color="#eef2f0">
  <mj-column width="50%">
    <mj-text>Dear <b>{{{{ guest.first_name | default("guest") }}}}</b>,<br>see <a href="https://h.example/?n={{{{ property.name }}}}">us</a></mj-text>
    <mj-button href="{{{{ links.survey }}}}">Tell us</mj-button>
  </mj-column>
  <mj-column><mj-image src="{PICTURE}" alt="The river"/></mj-column>
</mj-section>"""  # noqa: E501


def sent(text: str, **more: Any) -> Rendered:
    template = read_template(document(body=[{"source": {"text": text}}]) | {"purpose": "stay_service"}, version=1)
    return prepared(template, "en", "email").render(values("en"), tracked=as_long("https://go.example"), **more)


def places(text: str) -> dict[str, str]:
    written = document(body=[{"source": {"text": text}}]) | {"purpose": "feedback"}
    try:
        check(read_template(written, version=1))
    except InputError as error:
        return {place.rpartition("/body")[2]: str(problem) for place, problem in error.problems.items()}
    return {}


def test_mjml_is_drawn_between_header_and_way_out_with_values_and_tracked_links() -> None:
    mail = sent(MJML)
    assert mail.html and 'Dear <b>Anna</b>,<br>see <a href="https://go.example/l/' in mail.html
    assert "background:#eef2f0" in mail.html and PICTURE in mail.html and 'alt="The river"' in mail.html
    assert mail.kept == {1: "https://h.example/?n=Casa%20Alfama"}
    assert (
        "Dear Anna,\nsee us (https://go.example/l/" in mail.text
        and "Tell us\nhttps://" in mail.text
        and "The river" in mail.text
    )
    assert mail.text.index("Tell us") < mail.text.index("--") and mail.html.index("</a>") > 0
    assert "@@" not in mail.html + mail.text and "{{" not in mail.html + mail.text


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("<p onclick=x>a<script>evil()</script></p>", "<p>a</p>", "evil"),
        ('<a href="javascript:evil()">a</a>', "<a>a</a>", "evil"),
        ('<p style="color:red;position:fixed;background:url(//evil)">a</p>', '<p style="color:red">a</p>', "evil"),
        ('<img src="data:image/png;base64,evil" alt="b">', "b", "evil"),
        ('<img src="https://evil.example/a.gif" alt="b">', "b", "evil"),
        ("<iframe src=evil></iframe><object data=evil></object><form action=evil>a</form>", "a", "evil"),
        ("<!--[if mso]><img src=evil><![endif]--><link href=evil rel=stylesheet>a", "a", "evil"),
        ("<style>@import url(evil)</style><svg onload=evil></svg>a", "a", "evil"),
        ("&#xe002;9&#xe001;@@3@@ &#64;@raw0@@ a", "@ @3@", "@@"),
        ("<table width=900 style='width:900px'><tr><td>a", '<table width="100%" style="width:100%">', "900"),
        ("{{ guest.name }} <b title='{{ guest.name }}'>a</b>", 'Anna Müller <b title="">a</b>', "{{"),
    ],
)  # fmt: skip
def test_html_keeps_what_a_mail_holds_and_nothing_else(text: str, kept: str, gone: str) -> None:
    mail = sent(text + " <p>end</p>")
    assert mail.html and kept in mail.html and gone not in mail.html and gone not in mail.text


def test_a_value_that_holds_html_is_words() -> None:
    mail = sent("<p>{{ guest.first_name }}</p>")
    assert mail.html and "<p>Anna</p>" in mail.html
    template = read_template(document(body=[{"source": {"text": "<p>{{ guest.name }}</p>"}}]), version=1)
    guest = {**values("en"), "guest": {"name": "<b>&\"'"}}
    assert "<p>&lt;b&gt;&amp;&#34;&#39;</p>" in (prepared(template, "en", "email").render(guest).html or "")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("<mj-section>\n<mj-column>\n<mj-text>a</mj-column></mj-section>", "source_unclosed", 3),
        ("<mj-section>\n<mj-social/></mj-section>", "source_tag", 2),
        ("<mj-section>\n<mj-text>a</mj-text></mj-section>", "source_place", 2),
        ("<mj-section>\n\nwords</mj-section>", "source_words", 1),
        ("<mj-text>a</mj-text>\n</mj-text>", "source_stray", 2),
        ("<mj-text>a</mj-text>\n<mj-section></mj-section>", "source_mixed", 2),
        ("a\n{% if guest.name %}b{% endif %}", "source_code", 2),
        ("a\n\n{{ guest.name | upper( }}", "unreadable_line", 3),
        ("a\n{{ guest.name", "source_value", 2),
        ("<div>" * 200, "source_too_much", None),
        ("<style" * 30_000, "source_too_much", None),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source(text)
    problem: Problem = refused.value.problem
    assert problem.code == code and problem.values.get("line") == line


def test_what_it_lacks_stands_at_its_place() -> None:
    assert places(MJML) == {}
    assert "no value" in places("<p>{{ guest.shoe }}</p>")["/0/source/text"]
    assert "lies elsewhere" in places('<img src="https://x.example/a.png">')["/0/source/text"]
    assert "is not one of the links" not in str(places('<a href="mailto:a@b.example">a</a>'))
    assert places("x" * (LONGEST + 1)) != {}
    written = document(body=[{"source": {"text": "<p>a</p>\n<script>b</script>"}}])
    assert "<script> (2)" in str(advice(read_template(written, version=1)))


@pytest.mark.parametrize("key", gallery())
def test_our_own_blocks_written_as_source_read_the_same(key: str) -> None:
    ready = gallery()[key].document
    part = ready["locales"]["fr"]["email"]
    source = {**ready, "locales": {"fr": {"email": {**part, "body": whole_as_source(part["body"])}}}}
    texts = [
        prepared(read_template(each, version=1), "fr", "email").render(
            values("fr"), tracked=as_long("https://go.example")
        )
        for each in ({**ready, "locales": {"fr": {"email": part}}}, source)
        if "offer" not in str(part["body"])
    ]
    assert len({"".join(one.text.split()) for one in texts}) <= 1
    assert as_source({"stay": {}}) is None and as_source({"text": {}}) is None
