"""What a pattern asks of a text it asks of the whole of it: a line end behind it is part of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from marshmallow import ValidationError

from services.campaigns.steps.entry_schema import EntrySchema
from services.campaigns.steps.fields import Name
from services.messaging.channels.email.blocks.words import ButtonSchema
from services.messaging.library.documents import LANGUAGE
from shared.whole_text import WholeText

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("behind", ["\n", " ", "\u2028", "\r\n"])
def test_nothing_may_stand_behind_it(behind: str) -> None:
    checks: list[Callable[[str], object]] = [
        lambda more: EntrySchema().load({"event": f"spa.booked{more}"}),
        lambda more: Name().deserialize(f"win-back{more}"),
        lambda more: LANGUAGE(f"zh-Hans{more}"),
        lambda more: ButtonSchema().load({"label": "x", "link": f"links.survey{more}"}),
    ]
    for check in checks:
        check("")
        with pytest.raises(ValidationError):
            check(behind)


def test_forms_and_documents_ask_it_in_this_one_way() -> None:
    """`validate.Regexp` takes a text with a line end behind it where its pattern ends in `$`."""
    own = ROOT / "shared/whole_text.py"
    files = [path for folder in ("services", "shared", "guestloop") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in files if path != own and re.search(r"\bRegexp\b", path.read_text("utf-8"))] == []
    assert WholeText(r"^a$").regex.pattern == "^a$", "OpenAPI says the pattern as it stands"
