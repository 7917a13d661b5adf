"""What programs are told where a request is refused: problem details (RFC 9457), naming each field at fault."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response

MEDIA_TYPE = "application/problem+json"


def problem(status: int, text: str, problems: Mapping[str, str] | None = None) -> Response:
    """`problems`: by field or JSON pointer. `message` and `problems` are what callers of earlier versions read."""
    response = jsonify(problem_document(status, text, problems or {}))
    response.status_code, response.content_type = status, MEDIA_TYPE
    return response


def problem_document(status: int, text: str, problems: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": text,
        "errors": [{"field": field, "detail": detail} for field, detail in problems.items()],
        "message": text,
        "problems": dict(problems),
    }
