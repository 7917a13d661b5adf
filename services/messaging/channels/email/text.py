"""The e-mail of a template: subject, preview line, and a body of paragraphs and buttons.

email:
  subject: …
  preview: …                      (the line an inbox shows after the subject)
  body:
    - "{{ guest.greeting }},"     (a paragraph)
    - button: {label: …, link: links.survey}      (or https://…, tel:…, mailto:…)

A body is written once and framed twice, as plain text and as HTML, so that the two are always the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields

from services.messaging.channels.email.frame import ANSWER
from services.messaging.channels.email.plain import as_plain, from_plain
from services.messaging.channels.email.ready import ReadyMail
from services.messaging.channels.fields import NEEDED, TextField, length, must
from services.messaging.channels.text import Cost, Link, Source, one_line
from services.messaging.rules.links import SCHEMES
from services.messaging.wording.links import addresses_in, reads, with_places
from services.messaging.wording.piece import Rendered
from shared.errors import Problem
from shared.vocabulary.purpose import Purpose

LONGEST_SUBJECT = 120


@dataclass(frozen=True)
class Button:
    label: str
    link: str  # the dotted path of a value, links.survey; or an address

    @property
    def source(self) -> str:
        return "{{ " + self.link + " }}" if LINK.fullmatch(self.link) else self.link


@dataclass(frozen=True)
class Mail:
    subject: str
    preview: str
    body: tuple[str | Button, ...]
    is_answer: bool = False  # a person's, which its frame says

    def sources(self) -> Iterator[Source]:
        yield Source("/subject", self.subject, is_exposed=True)
        yield Source("/preview", self.preview, is_exposed=False)
        for number, block in enumerate(self.body):
            if isinstance(block, Button):
                yield Source(f"/body/{number}/button/label", block.label, is_exposed=False)
                yield Source(f"/body/{number}/button/link", block.source, is_exposed=False)
            else:
                yield Source(f"/body/{number}", block, is_exposed=False)

    def links(self) -> list[Link]:
        return [
            Link(f"/body/{number}" + ("/button/link" if isinstance(block, Button) else ""), target)
            for number, block in enumerate(self.body)
            for target in _targets(block)
        ]

    def ready(self, language: str, purpose: Purpose) -> ReadyMail:
        blocks: list[tuple[str, str]] = []
        targets: list[str] = []
        for block in self.body:
            if isinstance(block, Button):
                link = reads(len(targets) + 1) if _targets(block) else block.source
                blocks.append((block.label, link))
                targets += _targets(block)
            else:
                words, found = with_places(block, len(targets) + 1)
                blocks.append((words, ""))
                targets += found
        why = ANSWER if self.is_answer else purpose
        return ReadyMail(self.subject, self.preview, blocks, language, why, targets)


LINK = re.compile(r"links\.[a-z_]+")


def _targets(block: str | Button) -> list[str]:
    """The addresses of one block, in order."""
    if isinstance(block, Button):
        return [] if LINK.fullmatch(block.link) else [block.link]
    return addresses_in(block)


def _leads_somewhere(link: str) -> bool:
    return bool(LINK.fullmatch(link)) or link.partition(":")[0].lower() in SCHEMES


class ButtonSchema(Schema):
    label = TextField(80, required=True)
    link = fields.String(required=True, validate=must(_leads_somewhere, Problem("is not one of the links", "no_link")))


class Block(fields.Field[str | Button]):
    """A paragraph, or a button."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str | Button:
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, dict) and set(value) == {"button"} and isinstance(value["button"], dict):
            return Button(**ButtonSchema().load(value["button"]))
        raise ValidationError("is neither a paragraph nor «button: {label, link}»")


class MailSchema(Schema):
    subject = TextField(150, required=True)
    preview = TextField(150, least=0, load_default="")
    body = fields.List(Block(), required=True, validate=length(1, 40), error_messages={"required": NEEDED})


class MailText:
    schema: type[Schema] = MailSchema
    fields: Mapping[str, str] = {"subject": "/subject", "preview": "/preview", "body": ""}

    def read(self, part: Mapping[str, Any]) -> Mail:
        return Mail(part["subject"], part["preview"], tuple(part["body"]))

    def answer(self) -> Mail:
        return Mail("{{ answer.subject }}", "", ("{{ answer.words }}",), is_answer=True)

    def limit_passed(self, rendered: Rendered) -> Problem | None:
        if 0 < len(rendered.subject) <= LONGEST_SUBJECT:
            return None
        size = len(rendered.subject)
        return Problem(f"has a subject of {size} characters; between 1 and {LONGEST_SUBJECT}", "subject", length=size)

    def cost(self, rendered: Rendered) -> Cost | None:
        return None

    def typed(self, part: Mapping[str, Any]) -> dict[str, str]:
        return {
            "subject": part.get("subject", ""),
            "preview": part.get("preview", ""),
            "body": as_plain(part.get("body", [])),
        }

    def part(self, typed: Mapping[str, str]) -> dict[str, Any] | None:
        if not any(typed.get(field, "").strip() for field in self.fields):
            return None
        body = from_plain(typed.get("body", ""))
        return {"subject": one_line(typed, "subject"), "preview": one_line(typed, "preview"), "body": body}
