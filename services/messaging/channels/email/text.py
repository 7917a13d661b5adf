"""The e-mail of a template: subject, preview line, and a body of blocks.

email:
  subject: …
  preview: …                      (the line an inbox shows after the subject)
  look: bright                    (calm where none is named)
  body:                           (blocks/__init__.py)
    - "{{ guest.greeting }},"     (a paragraph)
    - button: {label: …, link: links.survey}

A body is written once and framed twice, as plain text and as HTML, so that the two are always the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.answer import PictureOfAnswer
from services.messaging.channels.email.blocks.registry import BodyBlock, Shown
from services.messaging.channels.email.blocks.words import Paragraph
from services.messaging.channels.email.frame import ANSWER
from services.messaging.channels.email.looks import CALM, LOOKS
from services.messaging.channels.email.plain import as_plain, from_plain
from services.messaging.channels.email.ready import ReadyMail
from services.messaging.channels.fields import NEEDED, TextField, length
from services.messaging.channels.text import Cost, Link, Source, one_line
from services.messaging.wording.piece import Rendered
from shared.errors import InputError, Problem
from shared.vocabulary.purpose import Purpose

LONGEST_SUBJECT = 120
MOST_TYPED = 300_000  # characters of a body, as the editor sends it


@dataclass(frozen=True)
class Mail:
    subject: str
    preview: str
    body: tuple[Shown, ...]
    look: str = CALM
    is_answer: bool = False  # a person's, which its frame says
    awaits_approval: ClassVar[bool] = False

    def sources(self) -> Iterator[Source]:
        yield Source("/subject", self.subject, is_exposed=True)
        yield Source("/preview", self.preview)
        for number, block in enumerate(self.body):
            for source in block.sources():
                yield replace(source, place=f"/body/{number}{source.place}")

    def links(self) -> list[Link]:
        return [
            replace(link, place=f"/body/{number}{link.place}")
            for number, shown in enumerate(self.body)
            for link in shown.links()
        ]

    def ready(self, language: str, purpose: Purpose) -> ReadyMail:
        why = ANSWER if self.is_answer else purpose
        return ReadyMail(self.subject, self.preview, self.body, language, why, self.look)

    def lacking(self, _purpose: Purpose) -> Iterator[tuple[str, Problem]]:
        yield from ()


class MailSchema(Schema):
    subject = TextField(150, required=True)
    preview = TextField(150, least=0, load_default="")
    look = fields.String(load_default=CALM, validate=validate.OneOf(list(LOOKS)))
    body = fields.List(BodyBlock(), required=True, validate=length(1, 40), error_messages={"required": NEEDED})


class MailText:
    schema: type[Schema] = MailSchema
    fields: Mapping[str, str] = {"subject": "/subject", "preview": "/preview", "body": ""}

    def read(self, part: Mapping[str, Any]) -> Mail:
        return Mail(part["subject"], part["preview"], tuple(part["body"]), part["look"])

    def answer(self, *, is_pictured: bool = False) -> Mail:
        words = Shown(Paragraph("{{ answer.words }}", has_marks=False))
        below = (Shown(PictureOfAnswer()),) if is_pictured else ()
        return Mail("{{ answer.subject }}", "", (words, *below), is_answer=True)

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
            "look": part.get("look", CALM),
            "body": as_plain(part.get("body", [])),
            "blocks": json.dumps(part.get("body", []), ensure_ascii=False),
        }

    def part(self, typed: Mapping[str, str]) -> dict[str, Any] | None:
        written = [typed.get(field, "").strip() for field in ("subject", "preview", "body")]
        if not any(written) and typed.get("blocks", "[]") in ("", "[]"):
            return None
        body = read_blocks(typed["blocks"]) if typed.get("blocks") else from_plain(typed.get("body", ""))
        look = {"look": typed["look"]} if typed.get("look", CALM) in LOOKS.keys() - {CALM} else {}
        return {"subject": one_line(typed, "subject"), "preview": one_line(typed, "preview"), **look, "body": body}


def read_blocks(typed: str) -> list[Any]:
    """A body as the editor of blocks sends it: a list in JSON, whatever is in it. InputError where it is none."""
    try:
        found = json.loads(typed) if len(typed) <= MOST_TYPED else None
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise InputError(None, {"blocks": f"is no list of blocks of at most {MOST_TYPED} characters"})
    return found
