"""The kinds of field a journey's document is made of; an error carries a code (`shared.errors.Problem`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as marsh

from shared.errors import Problem
from shared.whole_text import WholeText

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def wrong(code: str, text: str, field: str = "_schema") -> ValidationError:
    return ValidationError([Problem(text, code)], field)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Strict(Schema):
    """Unknown fields are errors, as is anything that is not an object."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown field", "type": "an object is expected"}  # noqa: RUF012


class Name(marsh.String):
    """A key in lower case letters, digits and hyphens."""

    def __init__(self, **kwargs: Any) -> None:
        checks = WholeText(rf"^{KEY.pattern}$", error="lower case letters, digits and single hyphens only")
        super().__init__(validate=checks, **kwargs)


class Whole(marsh.Integer):
    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)


class OneOf(marsh.String):
    def __init__(self, choices: Any, **kwargs: Any) -> None:
        names = [str(choice) for choice in choices]
        super().__init__(validate=validate.OneOf(names, error=f"one of {', '.join(names)} expected"), **kwargs)


def exactly_one(data: Mapping[str, Any], names: tuple[str, ...], what: str) -> None:
    if sum(name in data for name in names) != 1:
        raise wrong("not_one_kind", f"{what} is exactly one of {', '.join(names)}")
