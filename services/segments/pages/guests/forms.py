"""The forms about guests, read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from services.segments.commands.guests.care import Profile
from services.segments.pages.guests.labels import SORTS, WHICH
from services.segments.queries.guests.finding import Wish
from services.segments.rules.house_dates import HouseDate, is_sensible
from shared.errors import InputError

LONGEST_TAG, MOST_TAGS, LONGEST_PREFERENCE = 40, 20, 2000
LANGUAGES = ("en", "zh-Hans", "pt", "es", "fr", "de", "it", "nl", "ja", "ko")
TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


class WishSchema(Schema):
    """The query of the list. Invalid values are dropped: links outlive what they name."""

    class Meta:
        unknown = EXCLUDE

    text = fields.String(data_key="q", load_default="", validate=validate.Length(max=200))
    segment = fields.String(load_default="", validate=validate.Length(max=80))
    country = fields.String(load_default="", validate=validate.Length(max=2))
    language = fields.String(load_default="", validate=validate.Length(max=20))
    which = fields.String(load_default="", validate=validate.OneOf([key for key, _ in WHICH]))
    sort = fields.String(load_default="name", validate=validate.OneOf([key for key, _ in SORTS]))
    after = fields.String(load_default="", validate=validate.Length(max=600))

    @post_load
    def wish(self, data: dict[str, Any], **_: Any) -> Wish:
        return Wish(**{name: value.replace("\x00", "").strip() for name, value in data.items()})


class ProfileSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    version = fields.Integer(required=True)
    language = fields.String(load_default="")
    tags = fields.String(load_default="")
    preference = fields.String(load_default="")

    @post_load
    def read(self, data: dict[str, Any], **_: Any) -> tuple[int, Profile]:
        language = data["language"].strip()
        if language and not TAG.fullmatch(language):
            raise ValidationError({"language": [gettext("A language such as pt or zh-Hans is needed.")]})
        preference = data["preference"].replace("\r\n", "\n").replace("\x00", "").strip()
        if len(preference) > LONGEST_PREFERENCE:
            raise ValidationError({"preference": [gettext("2,000 characters at most are kept.")]})
        return data["version"], Profile(language or None, _tags(data["tags"]), preference or None)


def days_of_form(form: Mapping[str, str], dates: Sequence[HouseDate]) -> dict[str, date | None]:
    """The days of the house's own dates that the form holds; an empty field takes one away. Raises `InputError` by
    field."""
    found: dict[str, date | None] = {}
    problems: dict[str, str] = {}
    for one in dates:
        text = form.get(f"date:{one.key}", "").strip()
        try:
            day = date.fromisoformat(text) if text else None
            if day and not is_sensible(day):
                raise ValueError
        except ValueError:
            problems[f"date:{one.key}"] = gettext("A day from 2 January 1900 to 31 December 2199 is needed.")
        else:
            if f"date:{one.key}" in form:
                found[one.key] = day
    if problems:
        raise InputError(problems=problems)
    return found


def _tags(text: str) -> list[str]:
    tags = sorted({" ".join(tag.split()) for tag in re.split(r"[,，、;\n]", text.replace("\x00", "")) if tag.strip()})
    if len(tags) > MOST_TAGS:
        raise ValidationError({"tags": [gettext("20 tags at most are kept.")]})
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise ValidationError({"tags": [gettext("A tag has 40 characters at most.")]})
    return tags


def wish_of(values: Mapping[str, str]) -> Wish:
    """What the query of the list asks for, without invalid values."""
    try:
        found: Wish = WishSchema().load(dict(values))
    except ValidationError as error:
        bad = set(_by_field(error))
        found = WishSchema().load({name: value for name, value in values.items() if name not in bad})
    return found


def _by_field(error: ValidationError) -> dict[str, Any]:
    return error.messages if isinstance(error.messages, dict) else {"": error.messages}


def profile_of(values: Mapping[str, str]) -> tuple[int, Profile]:
    """The version seen and the profile wanted. Raises `InputError` by field."""
    try:
        found: tuple[int, Profile] = ProfileSchema().load(dict(values))
    except ValidationError as error:
        problems = {name: str(texts[0]) for name, texts in _by_field(error).items()}
        raise InputError(problems=problems) from error
    return found
