"""The kinds of field a template is made of; an error carries a code (`shared.errors.Problem`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError
from marshmallow import fields as marsh

from shared.errors import Problem

NEEDED = Problem("Missing data for required field.", "needed")


class TextField(marsh.String):
    """A text of `least` to `most` characters."""

    def __init__(self, most: int, *, least: int = 1, **more: Any) -> None:
        super().__init__(validate=length(least, most), error_messages={"required": NEEDED}, **more)


def must(holds: Callable[[Any], object], problem: Problem) -> Callable[[Any], None]:
    """A validator whose error keeps its code: marshmallow's own make a plain text of it."""

    def check(value: Any) -> None:
        if not holds(value):
            raise ValidationError([problem])

    return check


def length(least: int, most: int) -> Callable[[Any], None]:
    """Of a text or a list."""

    def check(value: Any) -> None:
        if len(value) < least:
            raise ValidationError([NEEDED])
        if len(value) > most:
            raise ValidationError([Problem(f"Longer than maximum length {most}.", "too_long", most=most)])

    return check
