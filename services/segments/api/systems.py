"""Where other systems say that something changed: with the secret of their connection, answered once it is kept.

Their webhooks carry no signature, so the address that is entered there holds the secret, as `?key=`; a system that can
sends it as the password of HTTP's basic authentication. What is told is numbers; whatever else a call holds is dropped.
"""

from __future__ import annotations

from uuid import UUID

import orjson
from flask import Blueprint, abort, request

from services.segments.store.systems import connections as store
from services.segments.store.systems.connections import Connection
from services.segments.systems.connecting import is_known, take_told
from services.segments.systems.registry import system_of
from shared.database.pool import Tx
from shared.web.access_control import open_to_all
from shared.web.site import here

systems = Blueprint("segments_api_systems", __name__, url_prefix="/systems")


@systems.post("/<uuid:connection_id>/events")
@open_to_all
def events(connection_id: UUID) -> tuple[str, int]:
    with here().transaction() as tx:
        connection = _caller(tx, connection_id)
    document = _document()
    with here().transaction() as tx:
        take_told(tx, connection, document, here().now())
    return "", 200


def _caller(tx: Tx, connection_id: UUID) -> Connection:
    """Which connection calls; nobody learns whether there is one."""
    given = request.authorization
    secret = (given.password if given and given.type == "basic" else None) or request.args.get("key", "")
    connection = store.find(tx, connection_id)
    if connection is None or not is_known(connection, secret) or system_of(connection.kind) is None:
        abort(403)
    return connection


def _document() -> dict[str, object]:
    try:
        document = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        abort(400)
    if not isinstance(document, dict):
        abort(400)
    return document
