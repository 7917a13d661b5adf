"""Decimal numbers of the API: answered as text, so that nobody rounds them on the way; taken as text or as a number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from marshmallow import fields, missing, validate

TEXT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")


class DecimalText(fields.Decimal):
    """`places`: finer parts are rounded."""

    def __init__(self, places: int | None = None, **more: Any) -> None:
        super().__init__(places, as_string=True, **more)

    def _deserialize(self, value: Any, *args: Any, **named: Any) -> Decimal:
        if isinstance(value, str) and not TEXT.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **named)


def _bound(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def described(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    """What OpenAPI says of such a field."""
    if not isinstance(field, DecimalText):
        return {}
    is_taken = field.required or field.load_default is not missing
    types = ["string", *(["number"] if is_taken else []), *(["null"] if field.allow_none else [])]
    found: dict[str, Any] = {"type": types if len(types) > 1 else types[0], "format": "decimal"}
    if not is_taken:
        return found
    for within in (one for one in field.validators if isinstance(one, validate.Range)):
        found |= {"minimum": _bound(within.min), "maximum": _bound(within.max)}
    return {**found, "pattern": f"^{TEXT.pattern}$"}
