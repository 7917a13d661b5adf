"""The picture of a colleague's answer, as its guest sees it: without a cookie, by the signed link of the message."""

from __future__ import annotations

from base64 import b64decode

from flask import Blueprint
from werkzeug.wrappers import Response

from services.messaging.store.templates import answer_pictures as store
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.crypto.signing import LinkSigner
from shared.errors import NotFound
from shared.web.access_control import open_to_all
from shared.web.site import here

answer_picture = Blueprint("messaging_answer_picture", __name__, url_prefix="/messaging/answer/<token>")
AN_HOUR = 3600
HEADERS = {
    "Cache-Control": f"private, max-age={AN_HOUR}",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class NoPicture(NotFound):
    """This picture is not kept any more."""


@answer_picture.get("")
@open_to_all
def show(token: str) -> Response:
    """Gone with its guest, or once its term is over; `BadLink` of a token that is forged or cut."""
    with here().transaction() as tx:
        found = store.of_message(tx, LinkSigner.of(tx.keyring).read("picture", token))
        if found is None:
            raise NoPicture()
        content = b64decode(tx.keyring.open(Sealed(found.content_sealed), Sealing.ANSWER))
    return Response(content, content_type=found.media_type, headers=HEADERS)
