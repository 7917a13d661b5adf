"""What is worth a look before publishing: letters that are hard to read, and marks that would be read as they stand."""

from __future__ import annotations

from typing import Any

import pytest

from services.messaging.library.advice import FORMATTING, advice
from services.messaging.library.contrast import faint_letters
from services.messaging.library.documents import read_template
from services.messaging.library.formatting import as_marks, formatted, without_marks
from services.messaging.library.gallery import gallery
from tests.messaging.words import document

DARK = "<style>@media (prefers-color-scheme: dark) { .a, .b td { color: #333 !important; background: #111 } }</style>"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('<p style="color:#777777">Grey</p>', [("Grey", False)]),
        ('<p style="color:#767676">Darker</p>', []),
        ('<h1 style="color:#777;font-size:26px">Large</h1>', []),
        ('<td bgcolor="#2f4a43"><a style="color:#ffffff">White</a></td>', []),
        ('<td style="background:#ffee88 none"><a style="color:white">Pale</a></td>', [("Pale", False)]),
        ('<div style="display:none;color:#fff">Preview</div><title>T</title>', []),
        ('<p style="color:rgb(1,2,3)">Nobody can tell</p>', []),
        (f'{DARK}<p class="a">Dim</p>', [("Dim", True)]),
        (f'{DARK}<table class="b"><tr><td>Dim</td></tr></table>', [("Dim", True)]),
        (f'{DARK}<table class="c"><tr><td>Fine</td></tr></table>', []),
        ("</p><br><p>Unclosed<b>Bold</p><p style='color:#999'>Later", [("Later", False)]),
    ],
)
def test_letters_that_are_hard_to_read_are_found_by_day_and_in_the_dark(
    page: str, told: list[tuple[str, bool]]
) -> None:
    assert [(faint.words, faint.in_the_dark) for faint in faint_letters(page)] == told


def test_our_own_mails_can_be_read_and_a_pale_brand_is_told() -> None:
    for ready in gallery().values():
        template = read_template(ready.document, version=1)
        assert not {one.code for one in advice(template).values()} & {"faint", "faint_in_the_dark"}, ready.key
    button = read_template(
        document(body=["Come.", {"button": {"label": "Book", "link": "https://h.example"}}]), version=1
    )
    assert [one.code for one in advice(button, ["#7a1f3d", "#ffd54a"]).values()] == ["faint"]


@pytest.mark.parametrize(
    ("raw", "marks", "bare"),
    [
        ("Now **bold** and *soft*.", "Now **bold** and *soft*.", "Now bold and soft."),
        ("<p>Dear <b>guest </b>,</p><p>come<br>soon</p>", "Dear **guest**,\n\ncome\nsoon", "Dear guest, come soon"),
        ('<a href="https://h.example">Book</a>', "[Book](https://h.example)", "Book https://h.example"),
        ("<ul><li>One</li><li>Two &amp; three</li></ul>", "- One\n- Two & three", "One Two & three"),
        ("## Come\nto us", "**Come**\nto us", "Come to us"),
        ("{{ guest.name | default('<b>*') }} <i>x</i>", "{{ guest.name | default('<b>*') }} *x*", None),
        ("5 < 6 * 7", "5 < 6 * 7", "5 < 6 * 7"),
        (r"Your \*\*room\*\* is \*ready", r"Your **room** is \*ready", None),  # typed in the editor of words
        (r"\[Book\](https://h.example/a\_b) \[later\]", r"[Book](https://h.example/a_b) \[later\]", None),
    ],
)
def test_raw_marks_and_tags_are_read_as_formatting_or_taken_off(raw: str, marks: str, bare: str | None) -> None:
    assert as_marks(raw) == marks == as_marks(marks)
    assert bare is None or without_marks(raw) == bare


@pytest.mark.parametrize(("typed", "offered"), [
    (r"Your \*\*room\*\* is ready", True), (r"\[Book\](https://h.example)", True), ("# Come", True),
    ("Your **room** is *ready*, [here](https://h.example)", False), (r"5 \* 3 \* 2 \[sic\]", False),
])  # fmt: skip
def test_marks_that_were_typed_where_one_writes_in_words_are_offered_as_formatting(typed: str, offered: bool) -> None:
    """The editor keeps them as signs, so that guests would read them as they stand."""
    written: dict[str, Any] = document(body=[{"text": {"text": typed, "align": "left"}}])
    found = advice(read_template(written, version=1))
    assert [one.code for one in found.values()] == ["raw_marks"] * offered
    for place in found:
        written = formatted(written, place)
    assert not advice(read_template(written, version=1))


def test_one_press_leaves_nothing_raw() -> None:
    column = {"columns": {"columns": [["<b>In</b> a column"], [{"heading": {"text": "# Out"}}]]}}
    written: dict[str, Any] = document(
        subject="**Come**", body=["Now **bold**.", {"text": {"text": "<i>soft</i>"}}, column, "Plain."]
    )
    places = [place for place, one in advice(read_template(written, version=1)).items() if one.code in FORMATTING]
    assert len(places) == 5
    for place in places:
        written = formatted(written, place)
    assert not advice(read_template(written, version=1))
    mail = written["locales"]["en"]["email"]
    assert mail["subject"] == "Come" and mail["body"][0] == {"text": {"text": "Now **bold**.", "align": "left"}}
    assert formatted(written, "/locales/en/email/body/99") == written == formatted(written, "/nowhere/x")
