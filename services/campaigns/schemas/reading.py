"""Journey documents as people write them (YAML or JSON) to documents the rules trust, or the place of each error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from marshmallow import ValidationError

from services.campaigns.schemas.journey import JourneySchema
from services.campaigns.steps.kind import Document
from shared.errors import InputError
from shared.plain_yaml import copied, read_yaml


def parse(text: str) -> Document:
    """A journey's document from YAML (of which JSON is a part). Raises `InputError` with the place of each problem."""
    try:
        data = read_yaml(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
        raise InputError("This is not YAML.", {place: error.problem or "unreadable"}) from error
    except yaml.YAMLError as error:
        raise InputError(f"This is not YAML: {error}") from error
    return validated(data)


def validated(data: Any) -> Document:
    """The document with its defaults filled in; problems are named by JSON pointer."""
    try:
        document: Document = JourneySchema().load(data)
    except ValidationError as error:
        raise InputError("This journey cannot be published.", dict(pointers(error.messages))) from error
    return document


def overridden(document: Document, overrides: Mapping[str, Any]) -> Document:
    """The document with other values at some places: `{"entry/audience": "lapsed-3-months", "holdout": 0}`.

    Raises `InputError` naming a place that is not there or a value that may not stand there.
    """
    changed = copied(document)
    for pointer, value in overrides.items():
        *path, last = pointer.strip("/").split("/")
        place = changed
        try:
            for part in path:
                place = place[int(part)] if isinstance(place, list) else place[part]
            place[int(last) if isinstance(place, list) else last] = value
        except (LookupError, TypeError, ValueError) as error:
            raise InputError(problems={f"/{pointer.strip('/')}": "there is no such place to override"}) from error
    return validated(changed)


def pointers(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """marshmallow's tree of messages as pairs of JSON pointer and text, a `Problem` where it came with a code."""
    if isinstance(messages, dict):
        return [
            pair
            for name, inner in messages.items()
            for pair in pointers(inner, path if name == "_schema" else f"{path}/{name}")
        ]
    texts = messages if isinstance(messages, list) else [messages]
    (text,) = texts if len(texts) == 1 else [" ".join(str(text) for text in texts)]
    return [(path or "/", text)]
