"""What stands around the text of every e-mail: by language the reason and the way out, and the one HTML layout.

The sender's name and address, why it came and how to decline it cannot be forgotten or edited away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from services.messaging.channels.email.blocks.slots import broken
from services.messaging.wording.languages import choose_language
from shared.plain_yaml import read_yaml

HERE = Path(__file__).parent
IMPRINT = "{{ sender.legal_entity }} · {{ sender.postal_address }} · {{ sender.contact }}"
WAY_OUT = "links.unsubscribe"
ANSWER = "answer"  # why a mail comes that a person wrote
LABELS = {"CN": "（广告）"}  # heads the subject of a marketing mail to that country, and nobody can take it off


@dataclass(frozen=True)
class MailFrame:
    """Sources of what stands around a mail's text. `way_out` is empty where nothing can be declined."""

    reason: str
    way_out: str


@cache
def words() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml((HERE / "frame.yaml").read_text(encoding="utf-8"))
    return loaded


def mail_frame(language: str, why: str) -> MailFrame:
    """`why`: the purpose of the mail, or `ANSWER`."""
    own = words()[choose_language(words(), language)][str(why)]
    return MailFrame(own["reason"], own.get("way_out", ""))


@cache
def layout() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("mail.html")


def as_html(blocks: Sequence[tuple[str, str]], **parts: str) -> str:
    """A mail's blocks, (words, link) with an empty link for a paragraph, in the layout; everything is escaped."""
    return layout().render(blocks=[(broken(text), link) for text, link in blocks], **parts)


def as_text(blocks: Sequence[tuple[str, str]], *, reason: str, way_out: str, unsubscribe: str, imprint: str) -> str:
    above = [f"{text}\n{link}" if link else text for text, link in blocks]
    below = [reason, f"{way_out}\n{unsubscribe}" if way_out else "", imprint]
    return "\n\n".join([*above, "--", *filter(None, below)]) + "\n"
