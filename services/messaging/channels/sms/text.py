"""The text message of a template: `sms: {text: …}`, one line, with the brand before it and the way out behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from marshmallow import Schema

from services.messaging.channels.fields import TextField
from services.messaging.channels.sms.parts import sms_cost, sms_parts
from services.messaging.channels.text import Cost, Link, Source, one_line
from services.messaging.wording import sandbox
from services.messaging.wording.languages import choose_language
from services.messaging.wording.links import Targets, Tracked, addresses_in, with_places
from services.messaging.wording.piece import Rendered, Values, piece
from shared.errors import Problem
from shared.plain_yaml import read_yaml
from shared.vocabulary.purpose import Purpose

MOST_PARTS = 4


@cache
def frames() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = read_yaml(files(__package__).joinpath("frame.yaml").read_text("utf-8"))
    return loaded


class ReadyText:
    needs_window = False

    def __init__(self, text: str, language: str, purpose: Purpose) -> None:
        frame = frames()[choose_language(frames(), language)]
        ending = "" if purpose is Purpose.STAY_SERVICE else frame["ending"]
        words, targets = with_places(" ".join(text.split()), 1)
        self._whole, self._targets = piece(frame["opening"] + words + ending), Targets(targets)

    @property
    def required(self) -> frozenset[str]:
        return self._whole.required | self._targets.required

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        led = self._targets.led(values, tracked)
        return Rendered("", sandbox.one_line(self._whole.fill(sandbox.context_of(led.values))), None, led.kept)


@dataclass(frozen=True)
class Text:
    text: str
    awaits_approval: ClassVar[bool] = False

    def sources(self) -> Iterator[Source]:
        yield Source("/text", self.text, is_exposed=True)

    def links(self) -> list[Link]:
        return [Link("/text", target) for target in addresses_in(" ".join(self.text.split()))]

    def ready(self, language: str, purpose: Purpose) -> ReadyText:
        return ReadyText(self.text, language, purpose)

    def lacking(self, _purpose: Purpose) -> Iterator[tuple[str, Problem]]:
        yield from ()


class TextSchema(Schema):
    text = TextField(600, required=True)


class SmsText:
    schema: type[Schema] = TextSchema
    fields: Mapping[str, str] = {"text": ""}

    def read(self, part: Mapping[str, Any]) -> Text:
        return Text(part["text"].strip())

    def answer(self, *, is_pictured: bool = False) -> Text:
        return Text("{{ answer.words }} {{ answer.picture }}" if is_pictured else "{{ answer.words }}")

    def limit_passed(self, rendered: Rendered) -> Problem | None:
        parts = sms_parts(rendered.text)
        if parts <= MOST_PARTS:
            return None
        return Problem(f"would cost {parts} text messages a guest; at most {MOST_PARTS}", "too_dear", parts=parts)

    def cost(self, rendered: Rendered) -> Cost | None:
        return sms_cost(rendered.text)

    def typed(self, part: Mapping[str, Any]) -> dict[str, str]:
        return {"text": part.get("text", "")}

    def part(self, typed: Mapping[str, str]) -> dict[str, Any] | None:
        text = one_line(typed, "text")
        return {"text": text} if text else None
