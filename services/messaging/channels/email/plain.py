"""A mail's body as plain writing, and back: paragraphs with an empty line between, a button on a line of its own.

{{ guest.greeting }},

How was your stay?

[Tell us](links.survey)

Any other block is a line of its own that begins with «:block» and holds the block in JSON, so that nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

BUTTON = re.compile(r"\[([^\]]*)\]\((\S*)\)")
BLOCK = ":block"
GAP = re.compile(r"\n[ \t]*\n\s*")


def as_plain(body: Iterable[str | dict[str, Any]]) -> str:
    """A document's body as one writes it."""
    return "\n\n".join(_written(block) for block in body)


def from_plain(text: str) -> list[str | dict[str, Any]]:
    """What was written, as a document's body."""
    paragraphs = GAP.split(text.replace("\r\n", "\n").strip())
    return [_block(paragraph.strip()) for paragraph in paragraphs if paragraph.strip()]


def _written(block: str | dict[str, Any]) -> str:
    if isinstance(block, str):
        return block
    if set(block) == {"button"} and set(block["button"]) == {"label", "link"}:
        return f"[{block['button']['label']}]({block['button']['link']})"
    return f"{BLOCK} {json.dumps(block, ensure_ascii=False)}"


def _block(paragraph: str) -> str | dict[str, Any]:
    if paragraph.startswith(BLOCK):
        with suppress(ValueError):
            block: dict[str, Any] = json.loads(paragraph.removeprefix(BLOCK))
            return block
    found = BUTTON.fullmatch(paragraph)
    return {"button": {"label": found[1].strip(), "link": found[2]}} if found else paragraph
