"""A cell's text into a value: the fields of the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import InvalidOperation
from typing import Any

from marshmallow import ValidationError
from marshmallow import fields as marsh

from services.segments.imports.tally import NOTHING
from services.segments.rules.written.import_problems import RejectReason
from shared.naming import plain_name

NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
LONGEST = 300


class Cell(marsh.Field[Any]):
    """A field that is always there as a text: it is read without the steps by which marshmallow finds out whether it is
    there and whether it may be none, which take three times as long as most reading."""

    def reading(self, text: str) -> Any:
        return self._deserialize(text, None, None)


class Text(Cell):
    """A cell's text, trimmed; None where it stands for nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str | None:
        text = str(value).strip()
        if text.lower() in NOTHING:
            return None
        if len(text) > LONGEST:
            raise ValidationError(RejectReason.TOO_LONG)
        if NOT_TEXT.search(text):
            raise ValidationError(RejectReason.NOT_TEXT)
        return text


class NameText(Text):
    """A name as it is written: Na and None are families' names too."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = plain_name(str(value)).strip()
        if text in ("", "NULL"):
            return ""
        return super()._deserialize(text, attr, data, **kwargs) or text


class Needed(Text):
    """A text that must be there."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is None:
            raise ValidationError(RejectReason.MISSING)
        return text


class Read(Cell):
    """A text read by a function; where it cannot be, the row is refused (`strict`) or the value unknown."""

    def __init__(self, read: Callable[[str], Any], *, strict: bool = False) -> None:
        super().__init__()
        self.read, self.strict = read, strict

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = str(value).strip()
        if text.lower() in NOTHING:
            if self.strict:
                raise ValidationError(RejectReason.MISSING)
            return None
        try:
            return self.read(text)
        except (ValueError, KeyError, InvalidOperation) as error:
            if self.strict:
                raise ValidationError(str(error).strip("'")) from error
            return None
