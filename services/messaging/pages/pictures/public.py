"""A picture as every reader of a mail finds it: for ever, without a cookie, under an address made of its bytes."""

from __future__ import annotations

from functools import lru_cache

import structlog
from flask import Blueprint, request
from werkzeug.wrappers import Response

from services.messaging.commands.pictures.keeping import content_of
from services.messaging.pages.pictures import object_store
from services.messaging.rules.pictures import FILE, file_name
from services.messaging.store.templates import pictures as store
from shared.errors import NotFound
from shared.outgoing.object_store import ObjectStore, StoreSilent
from shared.web.access_control import open_to_all
from shared.web.site import here

log = structlog.get_logger()
public = Blueprint("messaging_pictures_public", __name__, url_prefix="/messaging/picture")
A_YEAR = 365 * 24 * 3600
KEPT_IN_MEMORY = 40  # of 400 kB at most: a mail that has just left is opened by many
HEADERS = {
    "Cache-Control": f"public, max-age={A_YEAR}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class NoPicture(NotFound):
    """There is no such picture."""


@public.get("/<file>")
@open_to_all
def show(file: str) -> Response:
    """Who has it already is not sent it again: what this address shows never changes."""
    if not FILE.fullmatch(file):
        raise NoPicture()
    sha = file.partition(".")[0]
    if request.if_none_match.contains_weak(sha):
        answer = Response(status=304, headers=HEADERS)
    else:
        with here().transaction() as tx:
            found = store.kept(tx, sha)
        if found is None or file != file_name(sha, found.media_type):
            raise NoPicture()
        try:
            content = _content(found)
        except StoreSilent as error:
            log.error("a picture cannot be read", error=str(error))
            return Response(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
        answer = Response(content, content_type=found.media_type, headers=HEADERS)
    answer.set_etag(sha)
    return answer


def _content(found: store.Kept) -> bytes:
    objects = object_store()
    if found.content is None and found.object and objects:
        return _fetched(objects, found.object)
    if (content := content_of(found, objects, here().now())) is None:
        raise NoPicture()
    return content


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _fetched(objects: ObjectStore, object_: str) -> bytes:
    """What is not there is not remembered: an exception is raised."""
    if (content := objects.read(object_, here().now())) is None:
        raise NoPicture()
    return content
