"""What other services' editors ask of messaging: which templates are published. JSON."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from services.messaging.queries.templates import versions as templates
from shared.access.people import May
from shared.web.access_control import needs
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

choices = Blueprint("messaging_choices", __name__, url_prefix="/messaging/templates")


@choices.get("/choices")
@needs(May.CONFIGURE)
def published() -> Response:
    with here().transaction() as tx:
        rows = [each for each in templates.listed(tx) if each.version]
    return jsonify(templates=[{"key": each.key, "name": shown_name(each.document["name"])} for each in rows])
