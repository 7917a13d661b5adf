"""Where reservations are posted as OTA or HTNG XML, plain or in a SOAP envelope.

The sender proves itself by user and password, of HTTP's basic authentication or of WS-Security; a message is at most
64 kB and is neither kept nor written into a log.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from services.segments.config import Config
from services.segments.rules.systems import SystemKind
from services.segments.store.systems import connections as store
from services.segments.store.systems.connections import Connection
from services.segments.systems.connecting import is_known
from services.segments.systems.ota_xml.answers import answer
from services.segments.systems.ota_xml.bodies import REQUESTS
from services.segments.systems.ota_xml.document import Message, message_of
from services.segments.systems.ota_xml.receiving import Received, receive
from shared.errors import InputError
from shared.web.access_control import open_to_all
from shared.web.site import here

ota = Blueprint("segments_api_ota", __name__, url_prefix="/ota")
MEDIA_TYPE = "text/xml; charset=utf-8"
LONGEST = 128  # of what is echoed


@ota.post("/<uuid:connection_id>")
@open_to_all
def take(connection_id: UUID) -> Response:
    given = request.authorization
    try:
        message = message_of(request.get_data())
    except InputError as error:
        return Response(_answer(None, Received({"": str(error)})), 400, content_type=MEDIA_TYPE)
    pair = (given.username, given.password) if given and given.type == "basic" else (message.user, message.password)
    connection = _sender(connection_id, *pair)
    if message.root.tag not in REQUESTS:
        wanted = " or ".join(sorted(REQUESTS))
        return Response(_answer(message, Received({"": f"{wanted} is expected"})), 400, content_type=MEDIA_TYPE)
    with here().transaction() as tx:
        received = receive(tx, connection, message.root, here().now(), here().part(Config).agency_domains)
    return Response(_answer(message, received), 200, content_type=MEDIA_TYPE)


def _sender(connection_id: UUID, user: str | None, password: str | None) -> Connection:
    with here().transaction() as tx:
        connection = store.find(tx, connection_id)
    is_theirs = connection is not None and connection.kind is SystemKind.OTA_XML and user == str(connection_id)
    if connection is None or not is_theirs or not is_known(connection, password or ""):
        abort(401)
    return connection


def _answer(message: Message | None, received: Received) -> bytes:
    root = message.root if message else None
    name = str(root.tag) if root is not None and root.tag in REQUESTS else "OTA_HotelResNotifRQ"
    echo, version = (root.get("EchoToken", ""), root.get("Version", "")) if root is not None else ("", "")
    return answer(
        name, echo[:LONGEST], version[:LONGEST] or "1.0", received.errors, received.warnings, here().now(),
        enveloped=bool(message and message.is_in_envelope),
    )  # fmt: skip
