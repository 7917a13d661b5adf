"""What the kinds of block are called, what is typed into each, and what a new one begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Entry(StrEnum):
    """How something is typed."""

    LINE = "line"  # words with values, in one line
    RICH = "rich"  # words with values and marks
    WORDS = "words"  # words alone
    LINK = "link"  # where there is none, the field is not there
    CHOICE = "choice"
    NUMBER = "number"
    PICTURE = "picture"
    TICKS = "ticks"
    PLACES = "places"  # names with links
    COLUMNS = "columns"
    SOURCE = "source"  # as it is written, line by line


@dataclass(frozen=True)
class Field:
    """`choices`: value and name; `least`, `most`: of a number."""

    name: str
    entry: Entry
    label: Any
    choices: tuple[tuple[str | int, Any], ...] = ()
    least: int = 0
    most: int = 0

    @property
    def told(self) -> dict[str, Any]:
        choices = [[value, str(name)] for value, name in self.choices]
        told = {"name": self.name, "entry": self.entry, "label": str(self.label), "choices": choices}
        return {**told, "least": self.least, "most": self.most}


@dataclass(frozen=True)
class Kind:
    """`begins`: what a new one holds."""

    label: Any
    fields: tuple[Field, ...]
    begins: Mapping[str, Any]


ALIGNED = Field(
    "align", Entry.CHOICE, _l("Aligned"), (("left", _l("left")), ("center", _l("centred")), ("right", _l("right")))
)
LINK = Field("link", Entry.LINK, _l("Leads to"))
STAY = (
    ("hotel", _l("hotel")),
    ("arrival", _l("arrival")),
    ("departure", _l("departure")),
    ("nights", _l("nights")),
    ("room_type", _l("room")),
    ("number", _l("reservation number")),
)
SOURCE = """<mj-section>
  <mj-column>
    <mj-text></mj-text>
  </mj-column>
</mj-section>"""
LEVELS = ((1, _l("large")), (2, _l("medium")), (3, _l("small")))

KINDS: Mapping[str, Kind] = {
    "heading": Kind(
        _l("Heading"),
        (Field("text", Entry.LINE, _l("Words")), Field("level", Entry.CHOICE, _l("Size"), LEVELS), ALIGNED),
        {"text": "", "level": 2, "align": "left"},
    ),
    "text": Kind(_l("Text"), (Field("text", Entry.RICH, _l("Words")), ALIGNED), {"text": "", "align": "left"}),
    "picture": Kind(
        _l("Picture"),
        (
            Field("file", Entry.PICTURE, _l("Picture")),
            Field("alt", Entry.WORDS, _l("What it shows, for who does not see it")),
            Field("width", Entry.NUMBER, _l("Width, in percent"), least=10, most=100),
            ALIGNED,
            LINK,
        ),
        {"file": "", "alt": "", "width": 100, "align": "center"},
    ),
    "button": Kind(
        _l("Button"),
        (Field("label", Entry.LINE, _l("Words")), LINK, ALIGNED),
        {"label": "", "align": "left"},
    ),
    "stay": Kind(
        _l("Card of the stay"),
        (Field("lines", Entry.TICKS, _l("Lines"), STAY),),
        {"lines": [name for name, _ in STAY]},
    ),
    "offer": Kind(
        _l("Card of the offer"),
        (Field("shows", Entry.TICKS, _l("Shows the code as"), (("qr", _l("QR code")), ("barcode", _l("barcode")))),),
        {"shows": ["qr"]},
    ),
    "columns": Kind(
        _l("Columns"),
        (Field("columns", Entry.COLUMNS, _l("Columns")),),
        {"columns": [[{"text": {"text": "", "align": "left"}}], [{"text": {"text": "", "align": "left"}}]]},
    ),
    "social": Kind(
        _l("Where else we are"),
        (Field("places", Entry.PLACES, _l("Places, each with its address")), ALIGNED),
        {"places": [{"name": "", "link": ""}], "align": "center"},
    ),
    "source": Kind(_l("Source"), (Field("text", Entry.SOURCE, _l("MJML or HTML")),), {"text": SOURCE}),
    "divider": Kind(_l("Line"), (), {}),
    "spacer": Kind(
        _l("Space"), (Field("height", Entry.NUMBER, _l("Height, in pixels"), least=8, most=80),), {"height": 24}
    ),
}
WHOLE_ROWS = ("columns", "source")
"""Those that stand in the mail itself, never in a column."""


def kind_of(block: Any) -> str:
    """A bare text is a text; what cannot be read is none."""
    if isinstance(block, str):
        return "text"
    found = [key for key in block if key != "when"] if isinstance(block, dict) else []
    return found[0] if len(found) == 1 and found[0] in KINDS and isinstance(block[found[0]], dict) else ""


def field_of(kind: str, name: str) -> Field | None:
    return next((field for field in KINDS[kind].fields if field.name == name), None) if kind in KINDS else None


def texts_in(body: list[Any]) -> Iterator[str]:
    """Every text with marks, columns and all."""
    for block in body:
        match kind_of(block):
            case "text" if isinstance(block, dict):
                yield str(block["text"].get("text", ""))
            case "columns":
                for column in block["columns"].get("columns", []):
                    yield from texts_in(column if isinstance(column, list) else [])
            case _:
                pass
