"""The API described for programs (OpenAPI 3.1), from the routes and the schemas they are read and answered by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

from shared.access.people import GRANTED, May
from shared.vocabulary.grant import Grant
from shared.web.access_control import EVERYBODY, door_of
from shared.web.api import decimals
from shared.web.api.reading import LONGEST_KEY
from shared.web.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from apispec import APISpec

View = TypeVar("View", bound=Callable[..., Any])
METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS = {
    "400": "Nobody can mean this: a character that is no text, a number of too many digits, a broken body",
    "401": "No key, or one that is not good any more",
    "403": "The key does not grant this",
    "404": "It is not there, or of another hotel",
    "409": "It was changed meanwhile, or the Idempotency-Key was used for another body",
    "413": "The body is too long",
    "422": "Something in it cannot be used; each error names its field",
    "429": "Too many requests within a minute; Retry-After says when",
    "503": "The database does not answer now: ask again",
}

ABOUT = (
    "Refusals are problem details (RFC 9457) that name the field. What is too long for the server, or comes too "
    "slowly, it refuses before: 414 for an address, 431 for a header, 408."
)


@dataclass(frozen=True)
class Operation:
    """`takes`, `answers`, `query`: schemas. `status`: of success. `media`, `answer_media`: of the bodies. `headers`: of
    the request, by name, with their meaning. `page`: it answers a page of `answers`. `also`: other answers of the same
    form, by status with what they say; one that leads elsewhere has no form. `refuses`: what it refuses beside what
    every route does.
    """

    summary: str
    answers: type[Schema] | None = None
    takes: type[Schema] | None = None
    query: type[Schema] | None = None
    status: int = 200
    media: tuple[str, ...] = ("application/json",)
    answer_media: str = "application/json"
    page: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[int, str] = field(default_factory=dict)
    refuses: Mapping[int, str] = field(default_factory=dict)


def described(operation: Operation) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__dict__["operation"] = operation
        return view

    return mark


def document(app: Flask, title: str) -> dict[str, Any]:
    """Of every route for programs that says what it does."""
    from apispec import APISpec  # only whoever asks for the description carries it
    from apispec.ext.marshmallow import MarshmallowPlugin

    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    more = {"info": {"description": ABOUT}, "security": [{"key": []}]}
    spec = APISpec(title=title, version="1", openapi_version="3.1.0", plugins=[plugin], **more)
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer", "description": "An API key: glk_…"})
    assert plugin.converter is not None, "the plugin has one once the document has it"
    plugin.converter.add_attribute_function(decimals.described)  # type: ignore[no-untyped-call]
    spec.components.schema("Problem", PROBLEM)
    for rule, view in _routes(app):
        _add(spec, app, rule, view)
    found: dict[str, Any] = spec.to_dict()
    return found


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__)


def _routes(app: Flask) -> Iterator[tuple[Rule, Any]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "operation"):
            yield rule, view


def _add(spec: APISpec, app: Flask, rule: Rule, view: Any) -> None:
    operation: Operation = view.operation
    path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
    for method in METHODS:
        if method.upper() in (rule.methods or ()):
            described_as = _operation(app, rule, operation) | {"operationId": f"{rule.endpoint}.{method}"}
            spec.path(path=path, operations={method: described_as})


def _operation(app: Flask, rule: Rule, operation: Operation) -> dict[str, Any]:
    with app.app_context():
        grant = _grant(door_of(rule.endpoint))
    places = [
        {"name": name, "in": "path", "required": True, "schema": _text(rule, name)} for name in sorted(rule.arguments)
    ]
    headers = [
        {"name": name, "in": "header", "description": meaning, "schema": {"type": "string", "maxLength": LONGEST_KEY}}
        for name, meaning in operation.headers.items()
    ]
    query = [{"in": "query", "schema": operation.query}] if operation.query else []
    found: dict[str, Any] = {
        "summary": operation.summary,
        "description": f"The key needs `{grant}`." if grant else "For everybody.",
        "parameters": [*places, *headers, *query],
        "responses": {str(operation.status): _answer(operation), **_also(operation), **_refusals(operation)},
    }
    if operation.takes is None and operation.media != ("application/json",):
        content = {media: {"schema": {"type": "string", "format": "binary"}} for media in operation.media}
        found["requestBody"] = {"required": True, "content": content}
    if operation.takes:
        found["requestBody"] = {
            "required": True,
            "content": {media: {"schema": operation.takes} for media in operation.media},
        }
    return found


def _grant(door: Any) -> Grant | None:
    if isinstance(door, May):
        return next((grant for grant, may in GRANTED.items() if may is door), None)
    assert isinstance(door, Grant) or door == EVERYBODY, f"{door} is no door for programs"
    return door if isinstance(door, Grant) else None


def _text(rule: Rule, name: str) -> dict[str, str]:
    return {"type": "string", "format": "uuid"} if f"uuid:{name}" in rule.rule else {"type": "string"}


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.answers is None:
        return {"description": "Done"}
    schema: Any = operation.answers
    if operation.page:
        page = {"items": {"type": "array", "items": schema}, "next": {"type": ["string", "null"]}}
        schema = {"type": "object", "required": ["items", "next"], "properties": page}
    return {"description": "Done", "content": {operation.answer_media: {"schema": schema}}}


def _also(operation: Operation) -> dict[str, Any]:
    forms = {status: _answer(operation) if status < 300 else {} for status in operation.also}
    return {str(status): {**forms[status], "description": text} for status, text in operation.also.items()}


def _refusals(operation: Operation) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": "Problem"}}
    told = {**REFUSALS, **{str(status): text for status, text in operation.refuses.items()}}
    return {status: {"description": text, "content": content} for status, text in told.items()}


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "message")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "problems": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
