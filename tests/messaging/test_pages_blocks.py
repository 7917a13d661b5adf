"""The list of a mail's blocks on a page without a script: typed, moved, added, and what the script would be told."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from services.messaging.channels.email.blocks.registry import BLOCKS, IN_COLUMNS, read_block
from services.messaging.pages.blocks.form import act, typed_blocks
from services.messaging.pages.blocks.kinds import KINDS, WHOLE_ROWS, kind_of
from services.messaging.pages.blocks.told import COMPARED_NAMES, block_problems
from services.messaging.wording.values import COMPARED
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.messaging.pages_cast import house, looking
from tests.web import Browser, words

EDIT = "/messaging/templates/birthday/edit"
BODY: list[Any] = [
    "{{ guest.greeting }},",
    {
        "heading": {"text": "Hello", "level": 2, "align": "left"},
        "when": [{"of": "stay.nights", "is": "at_least", "to": 3}],
    },
    {"columns": {"columns": [[{"text": {"text": "one", "align": "left"}}], [{"divider": {}}]]}},
]


@pytest.fixture
def marta(make_database: MakeDatabase) -> Browser:
    return looking(house(make_database("messaging")), MARTA)


def typed(**more: Any) -> list[Any]:
    values = {"shape": json.dumps(BODY), **{name.replace("__", "/"): value for name, value in more.items()}}
    found = typed_blocks(MultiDict(values))
    assert found is not None
    body: list[Any] = json.loads(found)
    return body


def test_every_kind_of_block_can_be_written_and_none_that_is_not_there() -> None:
    assert set(KINDS) == set(BLOCKS) and set(KINDS) - {*WHOLE_ROWS} == set(IN_COLUMNS)
    assert set(COMPARED_NAMES) == set(COMPARED)
    for name, kind in KINDS.items():
        known = set(BLOCKS[name].schema().fields)
        assert {field.name for field in kind.fields} == known == {*kind.begins, *(known & {"link"})}, name


@pytest.mark.parametrize("name", ["stay", "divider", "spacer"])
def test_a_new_one_that_needs_no_words_is_whole(name: str) -> None:
    read_block({name: dict(KINDS[name].begins)}, BLOCKS)


def test_what_is_typed_comes_to_its_place() -> None:
    body = typed(
        **{
            "at:/0": "Dear {{ guest.name }},",
            "at:/1/heading/text": " Good day ",
            "at:/1/heading/level": "1",
            "at:/2/columns/columns/0/0/text/text": "**two**\r\n",
            "at:/7/heading/text": "nowhere",
            "at:/1/heading/colour": "red",
        }
    )
    assert body[0] == "Dear {{ guest.name }}," and len(body) == 3
    assert body[1]["heading"] == {"text": "Good day", "level": 1, "align": "left"}
    assert body[2]["columns"]["columns"][0][0]["text"]["text"] == "**two**"


def test_a_link_that_is_emptied_is_none() -> None:
    shape = json.dumps([{"picture": {"file": "x", "alt": "", "link": "links.survey"}}])
    found = typed_blocks(MultiDict({"shape": shape, "at:/0/picture/link": " "}))
    assert json.loads(found or "") == [{"picture": {"file": "x", "alt": ""}}]


def test_conditions_are_typed_changed_and_taken_away() -> None:
    none = typed(**{"at:/1/when/0/of": ""})
    assert "when" not in none[1]
    two = typed(
        **{
            "at:/1/when/0/of": "stay.nights", "at:/1/when/0/is": "at_most", "at:/1/when/0/to": "5",
            "at:/1/when/1/of": "guest.country", "at:/1/when/1/is": "one_of", "at:/1/when/1/to": "CN, HK",
        }
    )  # fmt: skip
    assert two[1]["when"] == [
        {"of": "stay.nights", "is": "at_most", "to": 5},
        {"of": "guest.country", "is": "one_of", "to": ["CN", "HK"]},
    ]
    assert typed(**{"at:/0/when/0/of": "stay.nights"})[0] == BODY[0]


@pytest.mark.parametrize(
    ("do", "kinds"),
    [
        ("up /1", ["heading", "text", "columns"]),
        ("down /1", ["text", "columns", "heading"]),
        ("up /0", ["text", "heading", "columns"]),
        ("remove /2", ["text", "heading"]),
        ("double /1", ["text", "heading", "heading", "columns"]),
        ("add /0 button", ["text", "button", "heading", "columns"]),
        ("add /- spacer", ["spacer", "text", "heading", "columns"]),
        ("add /9 button", ["text", "heading", "columns"]),
        ("add /0 nonsense", ["text", "heading", "columns"]),
        ("fly /0", ["text", "heading", "columns"]),
        ("", ["text", "heading", "columns"]),
    ],
)
def test_a_button_changes_the_list(do: str, kinds: list[str]) -> None:
    assert [kind_of(block) for block in typed(do=do)] == kinds


def test_a_column_is_a_list_of_its_own() -> None:
    body = typed(do="add /2/columns/columns/1/0 button")
    assert [kind_of(block) for block in body[2]["columns"]["columns"][1]] == ["divider", "button"]
    act(body, "add /2/columns/columns/1/0 columns")
    assert len(body[2]["columns"]["columns"][1]) == 2


def test_what_was_sent_by_the_script_goes_before_the_plain_list() -> None:
    assert typed_blocks(MultiDict({"shape": "[]", "blocks": "[1]"})) is None
    assert typed_blocks(MultiDict({"body": "plain"})) is None and typed_blocks(MultiDict({"shape": "{"})) is None


def test_problems_stand_at_their_block() -> None:
    broken = [
        {"button": {"label": "Go", "link": "nowhere"}},
        {"columns": {"columns": [[{"heading": {"text": ""}}], ["x"]]}},
    ]
    mail = {"subject": "A word", "preview": "", "body": broken}
    document = {"key": "k", "name": "K", "purpose": "marketing", "locales": {"en": {"email": mail}}}
    found = block_problems(document, "en")
    assert [weight for weight, _ in found["0"]] == ["must"] and set(found) == {"0", "1/columns/columns/0/0"}
    assert block_problems(document, "de") == {}


def test_a_block_that_is_not_whole_yet_takes_no_preview_away(marta: Browser) -> None:
    held = written(marta)
    body = [{"heading": {"text": "Many happy returns"}}, {"button": {"label": "Go", "link": "nowhere"}}]
    marta.post(EDIT, {**held, "blocks": json.dumps(body)})
    preview = marta.get("/messaging/templates/birthday/preview?draft=1&language=en").text
    assert "Many happy returns" in preview and "nowhere" not in preview


def test_a_mail_is_written_page_by_page_without_a_script(marta: Browser) -> None:
    marta.get(f"{EDIT}?language=en")
    page = marta.post(EDIT, {**written(marta), "do": "add /0 heading"})
    assert page.status_code == 200 and "Something is needed here." in words(page)
    marta.post(EDIT, {**written(marta), "at:/1/heading/text": "Many happy returns", "do": "down /1"})
    held = json.loads(written(marta)["shape"])
    assert held[2]["heading"]["text"] == "Many happy returns"
    assert "Many happy returns" in marta.get("/messaging/templates/birthday/preview?draft=1&language=en").text


class Form(HTMLParser):
    """The fields of a page's form that hold something whatever the list of blocks is."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "textarea" and not name.startswith("at:"):
            self._area, self.found[name] = name, ""
        if tag == "input" and name in ("language", "subject", "preview", "name", "draft_version", "base"):
            self.found.setdefault(name, told.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area


def written(marta: Browser) -> dict[str, str]:
    """The form as it stands on the page."""
    form = Form()
    form.feed(marta.get(f"{EDIT}?language=en").text)
    return form.found
