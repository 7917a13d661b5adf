"""Reads the body and the query of a request by a schema; every problem names its field by JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from shared.errors import InputError


def body_by(schema: Schema) -> dict[str, Any]:
    """Raises `InputError`."""
    try:
        given = request.get_json()
    except (BadRequest, UnsupportedMediaType) as error:
        raise InputError("A JSON object is needed, sent as application/json.", {"": "no JSON"}) from error
    return read(schema, given)


def query_by(schema: Schema) -> dict[str, Any]:
    """Raises `InputError`; the places of its problems are the parameters' names."""
    try:
        found: dict[str, Any] = schema.load(request.args.to_dict())
    except ValidationError as error:
        problems = {place.lstrip("/"): text for place, text in pointers(error.messages)}
        raise InputError("The query cannot be used.", problems) from error
    return found


def read(schema: Schema, given: Any) -> dict[str, Any]:
    """Raises `InputError`."""
    try:
        found: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise InputError("This cannot be used.", dict(pointers(error.messages))) from error
    return found


def pointers(messages: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages as JSON pointers and texts."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            here = at if name == "_schema" else f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from pointers(inner, here)
    elif isinstance(messages, list):
        yield at, " ".join(map(str, messages))
    else:
        yield at, str(messages)
