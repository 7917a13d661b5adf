"""Lists by pages: a cursor says where the next one begins, so that nothing is doubled or lost while others write."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

MOST, USUAL = 500, 100
NO_CURSOR = "This is no cursor: take the one that a page's `next` names."
T = TypeVar("T")


class Cursor(fields.Field[UUID]):
    """The last number of the page before, as text that nobody needs to read."""

    def _deserialize(self, value: Any, *_args: Any, **_named: Any) -> UUID:
        try:
            return UUID(bytes=base64.urlsafe_b64decode(f"{value}=="))
        except (ValueError, binascii.Error) as error:
            raise ValidationError(NO_CURSOR) from error


class KeyCursor(fields.Field[str]):
    """The same of a list that is not in the order of numbers: the key of the last one on the page before."""

    def _deserialize(self, value: Any, *_args: Any, **_named: Any) -> str:
        try:
            return base64.urlsafe_b64decode(f"{value}===").decode()
        except (ValueError, binascii.Error) as error:
            raise ValidationError(NO_CURSOR) from error


class PageQuery(Schema):
    cursor: fields.Field[Any] = Cursor(
        load_default=None, metadata={"description": "`next` of the page before", "type": "string"}
    )
    limit = fields.Integer(
        load_default=USUAL, validate=validate.Range(1, MOST), metadata={"description": "how many a page"}
    )


def cursor_of(number: UUID) -> str:
    return base64.urlsafe_b64encode(number.bytes).decode().rstrip("=")


def key_cursor_of(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def page_of(found: Sequence[T], limit: int, id_of: Callable[[T], UUID], shown: Callable[[T], Any]) -> dict[str, Any]:
    """`found`: one more than `limit` where there are more."""
    page = found[:limit]
    following = cursor_of(id_of(page[-1])) if len(found) > limit else None
    return {"items": [shown(one) for one in page], "next": following}
