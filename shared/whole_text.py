"""A text of a form or document that is of a pattern from its first letter to its last."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, validate


class WholeText(validate.Validator):
    """marshmallow's `Regexp` takes «spa.booked» with a line end behind it: `$` stands before that too, and nobody sees
    it. OpenAPI says `regex` as it stands."""

    def __init__(self, pattern: str, error: str = "String does not match expected pattern.") -> None:
        self.regex, self._error = re.compile(pattern), error

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._error)
        return value
