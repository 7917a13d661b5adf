"""A template as a document: what is said, in which languages, on which channels.

    key: win-back
    name: Three months after the last stay
    purpose: marketing
    locales:
      en:
        email:
          subject: …
          preview: …                      (the line an inbox shows after the subject)
          body:
            - "{{ guest.greeting }},"     (a paragraph)
            - button: {label: …, link: links.survey}
        sms:
          text: …

A body is written once and framed twice, as plain text and as HTML, so that the two never say different things. What
must stand in every message (the sender's name and address, why it came, the way out) is the frame's, in each
language, and cannot be forgotten or edited away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate

from shared.errors import InputError
from shared.vocabulary.purpose import Purpose

LANGUAGE = validate.Regexp(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", error="is not a language tag such as zh-Hans")


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True)
class Button:
    label: str
    link: str  # the dotted path of a value, links.survey


@dataclass(frozen=True)
class Mail:
    subject: str
    preview: str
    body: tuple[str | Button, ...]


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Locale:
    email: Mail | None = None
    sms: Text | None = None

    def channels(self) -> frozenset[str]:
        return frozenset(channel for channel in Channel if getattr(self, channel) is not None)


@dataclass(frozen=True)
class Template:
    """One version of a template. Versions never change; an edit is the next one."""

    key: str
    version: int
    name: str
    purpose: Purpose
    locales: Mapping[str, Locale]

    def pieces(self) -> Iterator[tuple[str, str, str, str]]:
        """(language, channel, JSON pointer, source) of every piece of text in it."""
        for language, locale in self.locales.items():
            place = f"/locales/{language}"
            if locale.email:
                yield language, Channel.EMAIL, f"{place}/email/subject", locale.email.subject
                yield language, Channel.EMAIL, f"{place}/email/preview", locale.email.preview
                for number, block in enumerate(locale.email.body):
                    if isinstance(block, Button):
                        at = f"{place}/email/body/{number}/button"
                        yield language, Channel.EMAIL, f"{at}/label", block.label
                        yield language, Channel.EMAIL, f"{at}/link", "{{ " + block.link + " }}"
                    else:
                        yield language, Channel.EMAIL, f"{place}/email/body/{number}", block
            if locale.sms:
                yield language, Channel.SMS, f"{place}/sms/text", locale.sms.text


class ButtonSchema(Schema):
    label = fields.String(required=True, validate=validate.Length(1, 80))
    link = fields.String(required=True, validate=validate.Regexp(r"^links\.[a-z_]+$", error="is not one of the links"))


class Block(fields.Field[str | Button]):
    """A paragraph, or a button."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str | Button:
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, dict) and set(value) == {"button"} and isinstance(value["button"], dict):
            return Button(**ButtonSchema().load(value["button"]))
        raise ValidationError("is neither a paragraph nor «button: {label, link}»")


class MailSchema(Schema):
    subject = fields.String(required=True, validate=validate.Length(1, 150))
    preview = fields.String(load_default="", validate=validate.Length(max=150))
    body = fields.List(Block(), required=True, validate=validate.Length(1, 40))


class TextSchema(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 600))


class LocaleSchema(Schema):
    email = fields.Nested(MailSchema)
    sms = fields.Nested(TextSchema)


class TemplateSchema(Schema):
    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,79}$"))
    name = fields.String(required=True, validate=validate.Length(1, 120))
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    locales = fields.Dict(
        keys=fields.String(validate=LANGUAGE),
        values=fields.Nested(LocaleSchema),
        required=True,
        validate=validate.Length(1, error="has no language"),
    )


def read_template(document: Any, *, version: int) -> Template:
    """The template a document describes. InputError names every place that does not fit, as a JSON pointer."""
    if not isinstance(document, dict):
        raise InputError("a template is a document of key, name, purpose and locales")
    try:
        loaded = TemplateSchema().load(document)
    except ValidationError as error:
        raise InputError("the template cannot be used", dict(_places(error.messages))) from error
    locales = {language: _locale(parts) for language, parts in loaded["locales"].items()}
    return Template(loaded["key"], version, loaded["name"], loaded["purpose"], locales)


def read_file(path: Path, *, version: int = 1) -> Template:
    return read_template(yaml.safe_load(path.read_text(encoding="utf-8")), version=version)


def _locale(parts: dict[str, dict[str, Any]]) -> Locale:
    mail, text = parts.get("email"), parts.get("sms")
    return Locale(
        email=Mail(mail["subject"], mail["preview"], tuple(mail["body"])) if mail else None,
        sms=Text(text["text"].strip()) if text else None,
    )


def _places(messages: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages, flat; its «key» and «value» of a dict are no part of the document."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            below = place if name in ("key", "value", "_schema") and place.count("/") >= 2 else f"{place}/{name}"
            yield from _places(inner, below)
    else:
        yield place or "/", " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
