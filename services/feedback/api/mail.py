"""The web's way for mail to come in: a mail program or a provider posts a mail as it is (`message/rfc822`), with a key.

It is answered 204 once it is kept, and also where it is no mail of ours, forged or foreign alike: nobody learns which
addresses there are. What is too long is refused unread.
"""

from __future__ import annotations

from flask import Blueprint, abort, current_app, jsonify, request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from services.feedback.config import Config
from services.feedback.mail.read import LONGEST
from services.feedback.mail_role.door import MailDoor
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me, open_to_all, takes_anything
from shared.web.api.description import Operation, described, document
from shared.web.bodies import takes_files
from shared.web.site import here

MAIL = Blueprint("feedback_api_mail", __name__, url_prefix="/api/mail")


class Envelope(Schema):
    """`to`: whom it was for, where the mail's own head does not say so; several by commas."""

    to = fields.String(load_default="")


@MAIL.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    return jsonify(document(current_app, "Guestloop: mail and reviews"))


@MAIL.post("")
@grants(Grant.MAIL_WRITE)
@takes_files(LONGEST)
@takes_anything
@described(
    Operation(
        "Hand in a mail that came back",
        query=Envelope,
        status=204,
        media=("message/rfc822",),
        also={404: "No mail comes back to this installation"},
    )
)
def take() -> Response:
    back = here().part(Config).mail_back
    if back is None or not me().scope.everywhere:  # mail is of all hotels
        abort(404)
    door = MailDoor(here().database, back, here().clock)
    door.take(request.stream.read(LONGEST + 1), request.args.getlist("to"), "http")
    return Response(status=204)
