"""A picture that somebody sent us, for those who may see it: nothing keeps it on the way, and nothing in it runs."""

from __future__ import annotations

from werkzeug.wrappers import Response

HEADERS = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}


def shown(content: bytes, media_type: str) -> Response:
    return Response(content, content_type=media_type, headers=HEADERS)
