"""The WhatsApp message of a template: an approved template by its ContentSid, the text of one that is yet to be
approved, or free words.

whatsapp:
  content: HX…                              (left out where nothing is approved)
  text: "{{1}}, thank you for … at {{2}}."  (as it was approved, or is to be sent in; else free words with values)
  variables:                                (what fills {{1}}, {{2}} …)
    - "{{ guest.greeting }}"
    - "{{ property.name }}"

Until it is approved, a text with places goes filled in, as free words do: to who wrote within the last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validates_schema

from services.messaging.channels.fields import TextField, length, must
from services.messaging.channels.text import Cost, Link, Source, one_line
from services.messaging.channels.whatsapp.ready import NUMBERED, ReadyApproved, ReadyWords
from services.messaging.wording.links import addresses_in
from services.messaging.wording.piece import Ready, Rendered
from shared.errors import Problem
from shared.vocabulary.purpose import Purpose

LONGEST, LONGEST_APPROVED = 1600, 1024  # characters: of Twilio's Body, of a template's body as Meta takes it
MOST_VARIABLES = 20
CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")
EDGE = Problem("begins or ends with a place that is filled in, which WhatsApp does not approve", "edge")
NO_SID = Problem("is no ContentSid: HX and 32 digits or letters from a to f", "content_sid")
ON_THE_EDGE = re.compile(rf"\A\W*{NUMBERED.pattern}|{NUMBERED.pattern}\W*\Z")
WAY_OUT = re.compile(r"\bSTOP\b|\bBAJA\b|\bSAIR\b|退订|拒收|links\.unsubscribe", re.IGNORECASE)
"""By which an approved text tells how to hear no more."""


@dataclass(frozen=True)
class Words:
    """Free words: they reach only who wrote within the last day."""

    text: str
    awaits_approval: ClassVar[bool] = False

    def sources(self) -> Iterator[Source]:
        yield Source("/text", self.text, is_exposed=True)

    def links(self) -> list[Link]:
        return [Link("/text", target) for target in addresses_in(self.text)]

    def ready(self, language: str, purpose: Purpose) -> Ready:
        return ReadyWords(self.text, language, purpose)

    def lacking(self, _purpose: Purpose) -> Iterator[tuple[str, Problem]]:
        yield from ()


@dataclass(frozen=True)
class ApprovedText:
    """`text`: as it was approved, with {{1}}, {{2}} …; `variables`: what fills them, in order. Without `content` it is
    yet to be approved."""

    content: str
    text: str
    variables: tuple[str, ...]

    @property
    def awaits_approval(self) -> bool:
        return not self.content

    def sources(self) -> Iterator[Source]:
        remarks = (EDGE,) if self.awaits_approval and ON_THE_EDGE.search(self.text) else ()
        yield Source("/text", NUMBERED.sub("…", self.text), is_exposed=True, remarks=remarks)
        for number, variable in enumerate(self.variables):
            yield Source(f"/variables/{number}", variable, is_exposed=True)

    def links(self) -> list[Link]:
        """Those that stand in what fills it: the rest is as it was approved."""
        return [
            Link(f"/variables/{number}", target)
            for number, variable in enumerate(self.variables)
            for target in addresses_in(variable)
        ]

    def ready(self, _language: str, _purpose: Purpose) -> Ready:
        return ReadyApproved(self.content, self.text, self.variables)

    def lacking(self, purpose: Purpose) -> Iterator[tuple[str, Problem]]:
        if purpose is not Purpose.STAY_SERVICE and not any(map(WAY_OUT.search, (self.text, *self.variables))):
            yield "/text", Problem("does not say how to hear no more", "no_way_out")


class WhatsAppSchema(Schema):
    content = fields.String(load_default="", validate=must(lambda sid: not sid or CONTENT_SID.fullmatch(sid), NO_SID))
    text = TextField(LONGEST, required=True)
    variables = fields.List(TextField(300), load_default=list, validate=length(0, MOST_VARIABLES))

    @validates_schema
    def _fills_each_number(self, part: dict[str, Any], **_: Any) -> None:
        """{{1}}, {{2}} … without a gap, each filled by one variable, and none is left over."""
        if not part.get("content") and not NUMBERED.search(part["text"]):
            if part.get("variables"):
                raise ValidationError([Problem("the text has no place that they fill", "no_places")], "variables")
            return
        wanted = {int(number) for number in NUMBERED.findall(part["text"])}
        if "{{" in NUMBERED.sub("", part["text"]) or "{%" in part["text"] or "{#" in part["text"]:
            raise ValidationError([Problem("holds more than {{1}}, {{2}} …", "only_numbers")], "text")
        if wanted != set(range(1, len(part["variables"]) + 1)):
            most, given = max(wanted, default=0), len(part["variables"])
            problem = Problem(f"fills {given} of {most} places", "variables", given=given, wanted=most)
            raise ValidationError([problem], "variables")


class WhatsAppText:
    schema: type[Schema] = WhatsAppSchema
    fields: Mapping[str, str] = {"content": "/content", "variables": "/variables", "whatsapp": ""}

    def read(self, part: Mapping[str, Any]) -> Words | ApprovedText:
        if not part["content"] and not part["variables"]:
            return Words(part["text"].strip())
        return ApprovedText(part["content"], part["text"].strip(), tuple(part["variables"]))

    def answer(self, *, is_pictured: bool = False) -> Words:
        return Words("{{ answer.words }}\n{{ answer.picture }}" if is_pictured else "{{ answer.words }}")

    def limit_passed(self, rendered: Rendered) -> Problem | None:
        most = LONGEST_APPROVED if rendered.approved else LONGEST
        if len(rendered.text) <= most:
            return None
        return Problem(f"Longer than maximum length {most}.", "too_long", most=most)

    def cost(self, rendered: Rendered) -> Cost | None:
        return None

    def typed(self, part: Mapping[str, Any]) -> dict[str, str]:
        return {
            "content": part.get("content", ""),
            "whatsapp": part.get("text", ""),
            "variables": "\n".join(part.get("variables", [])),
        }

    def part(self, typed: Mapping[str, str]) -> dict[str, Any] | None:
        """Each line of `variables` is one; an empty line among them is one that is missing."""
        text = typed.get("whatsapp", "").replace("\r\n", "\n").strip()
        content = one_line(typed, "content")
        lines = [" ".join(line.split()) for line in typed.get("variables", "").strip().splitlines()]
        if not (text or content or lines):
            return None
        return {"text": text, **({"content": content} if content else {}), **({"variables": lines} if lines else {})}
