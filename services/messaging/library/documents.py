"""A template as a document: what is written, in which languages, on which channels.

key: win-back
name: Three months after the last stay
purpose: marketing
offer: winter                       (where it makes one: the key of the offer)
locales:
  en:
    email: …                          (a part for each channel; what is in it is the channel's: channels/<name>/text.py)
    sms: …
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields

from services.messaging.channels.fields import TextField, must
from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.text import Link, Source, Written
from services.messaging.library.segments import segments_in
from shared.errors import InputError, Problem
from shared.plain_yaml import read_yaml
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.whole_text import WholeText

KEY = WholeText(r"^[a-z0-9][a-z0-9-]{0,79}$")
LANGUAGE = WholeText(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", error="is not a language tag such as zh-Hans")


Locale = Mapping[Channel, Written]


@dataclass(frozen=True)
class Template:
    """One version of a template. Versions never change; an edit is the next one."""

    key: str
    version: int
    name: str
    purpose: Purpose
    locales: Mapping[str, Locale]
    utm: bool = True  # whether links tell the page they lead to where the guest came from
    offer: str | None = None
    segments: frozenset[str] = frozenset()  # by which it shows blocks

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Every piece of text in it, with its JSON pointer."""
        for language, locale in self.locales.items():
            for channel, written in locale.items():
                for source in written.sources():
                    yield f"/locales/{language}/{channel}{source.place}", source

    def links(self) -> Iterator[tuple[str, Channel, int, Link]]:
        """Every address in it: language, channel, its number there, and where it leads."""
        for language, locale in self.locales.items():
            for channel, written in locale.items():
                for number, link in enumerate(written.links(), start=1):
                    yield language, channel, number, link


LocaleSchema = Schema.from_dict(
    {str(channel): fields.Nested(parts.text.schema) for channel, parts in CHANNELS.items()}, name="LocaleSchema"
)


class TemplateSchema(Schema):
    key = fields.String(required=True, validate=KEY)
    name = TextField(120, required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    utm = fields.Boolean(load_default=True)
    offer = fields.String(load_default=None, allow_none=True, validate=KEY)
    locales = fields.Dict(
        keys=fields.String(validate=LANGUAGE),
        values=fields.Nested(LocaleSchema),
        required=True,
        validate=must(bool, Problem("has no language", "no_language")),
    )


def read_template(document: Any, *, version: int) -> Template:
    """The template a document describes. InputError names every place that does not fit, as a JSON pointer."""
    if not isinstance(document, dict):
        raise InputError("a template is a document of key, name, purpose and locales")
    try:
        loaded = TemplateSchema().load(document)
    except ValidationError as error:
        raise InputError("the template cannot be used", dict(_places(error.messages))) from error
    locales = {language: _locale(written) for language, written in loaded["locales"].items()}
    return Template(
        loaded["key"],
        version,
        loaded["name"],
        loaded["purpose"],
        locales,
        loaded["utm"],
        loaded["offer"],
        segments_in(document),
    )


def read_file(path: Path, *, version: int = 1) -> Template:
    return read_template(read_yaml(path.read_text(encoding="utf-8")), version=version)


def _locale(loaded: dict[str, dict[str, Any]]) -> Locale:
    return {channel: parts.text.read(loaded[channel]) for channel, parts in CHANNELS.items() if channel in loaded}


def _places(messages: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages, flat; its «key» and «value» of a dict are no part of the document."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            below = place if name in ("key", "value", "_schema") and place.count("/") >= 2 else f"{place}/{name}"
            yield from _places(inner, below)
    else:
        first = messages[0] if isinstance(messages, list) else messages
        yield place or "/", first if isinstance(first, Problem) else " ".join(map(str, messages))
