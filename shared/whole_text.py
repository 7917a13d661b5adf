"""A text of a form or document that is of a pattern from its first letter to its last."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validate


class WholeText(validate.Regexp):
    """`Regexp` takes «spa.booked» with a line end behind it: `$` stands before that too, and nobody sees it."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value
