"""Reads the body and the query of a request by a schema; every problem names its field by JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, ValidationError

from shared.errors import InputError

IDEMPOTENCY_KEY = "Idempotency-Key"
LONGEST_KEY = 200


def body_by(schema: Schema) -> dict[str, Any]:
    """Raises `InputError`, also for what is nested deeper than any document is."""
    try:
        given = orjson.loads(request.get_data(cache=True)) if request.is_json else None
    except orjson.JSONDecodeError:
        given = None
    if given is None:
        raise InputError("A JSON object is needed, sent as application/json.", {"": "no JSON"})
    return read(schema, given)


def idempotency_key() -> str:
    """What names the request; nothing where it has no name. Raises `InputError` for one that is too long: cut off it
    would be another request's.
    """
    key = request.headers.get(IDEMPOTENCY_KEY, "").strip()
    if len(key) > LONGEST_KEY:
        raise InputError("This cannot be used.", {IDEMPOTENCY_KEY: f"At most {LONGEST_KEY} characters."})
    return key


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
