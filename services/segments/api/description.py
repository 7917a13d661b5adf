"""Where the API of segments is described; at the address of imports too, where it always was."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from werkzeug.wrappers import Response

from shared.web.access_control import open_to_all
from shared.web.api.description import document

description = Blueprint("segments_api", __name__)


@description.get("/api/guests/openapi.json")
@description.get("/api/imports/openapi.json")
@open_to_all
def openapi() -> Response:
    return jsonify(document(current_app, "Guestloop: guests, stays and imports"))
