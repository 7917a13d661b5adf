"""The imports API, described for programs (OpenAPI 3.1)."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from services.segments.imports.chunks import Imported

STATES = ["draft", "queued", "running", "done", "failed"]
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
INSTANT = {"type": "string", "format": "date-time"}
PROBLEMS = {"type": "object", "description": "by field, what is wrong", "additionalProperties": TEXT}


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guestloop imports", "version": "1"},
        "security": [{"key": []}],
        "paths": {
            "/api/imports": {"post": _bring()},
            "/api/imports/{id}": {"get": _ask("The import's state", {"application/json": {"schema": ref("Import")}})},
            "/api/imports/{id}/rejects.csv": {"get": _ask("Line, field, reason", {"text/csv": {"schema": TEXT}})},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key: glk_…"}},
            "schemas": {"Import": _import(), "Error": _error()},
        },
    }


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _bring() -> dict[str, Any]:
    raw = {"schema": {"type": "string", "format": "binary"}}
    form = {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": raw["schema"], "source": TEXT, "name": TEXT},
        }
    }
    return {
        "summary": "Bring an export of reservations",
        "description": "The same file again, or the same Idempotency-Key, is the same import. A key limited to hotels "
        "brings their rows only: those of others are refused.",
        "parameters": [
            _parameter("source", "query", "the name under which its mapping is saved", required=True),
            _parameter("name", "query", "how the file is called"),
            _parameter("Idempotency-Key", "header", "by default the file's SHA-256"),
        ],
        "requestBody": {
            "required": True,
            "content": {"text/csv": raw, "application/gzip": raw, "multipart/form-data": form},
        },
        "responses": {
            "202": {"description": "It waits for its turn", "content": {"application/json": {"schema": ref("Import")}}},
            **_refusals("401", "403", "409", "413", "422"),
        },
    }


def _ask(what: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": [_parameter("id", "path", "the import", required=True)],
        "responses": {"200": {"description": what, "content": content}, **_refusals("401", "403", "404")},
    }


def _parameter(name: str, place: str, what: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "description": what, "required": required, "schema": TEXT}


def _refusals(*statuses: str) -> dict[str, Any]:
    content = {"application/json": {"schema": ref("Error")}}
    return {status: {"description": "Refused; the message says why", "content": content} for status in statuses}


def _import() -> dict[str, Any]:
    counts = {field.name: WHOLE for field in fields(Imported) if field.name != "joins"}
    joins = {"type": "object", "description": "by key, stays of known guests", "additionalProperties": WHOLE}
    return {
        "type": "object",
        "properties": {
            **dict.fromkeys(("id", "url", "source", "name"), TEXT),
            "state": {"type": "string", "enum": STATES},
            "handed_in_at": INSTANT,
            "ended_at": {"anyOf": [INSTANT, {"type": "null"}]},
            "rows_entered": WHOLE,
            "rows_waiting": WHOLE,
            "counts": {"type": "object", "properties": {**counts, "joins": joins}},
            "problems": PROBLEMS,
            "rejects": {"type": ["string", "null"], "description": "where the refused rows are"},
        },
    }


def _error() -> dict[str, Any]:
    return {"type": "object", "properties": {"status": WHOLE, "message": TEXT, "problems": PROBLEMS}}
