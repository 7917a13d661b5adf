"""Messages whose outcome is unclear: what is known of each, and what a person found out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.unknowns import resolve_unknown
from services.messaging.queries import messages as queries
from services.messaging.queries.names import whole_name
from services.messaging.schemas import Found, read
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.web.access_control import me, needs, scope
from shared.web.contacts import listed
from shared.web.site import here

unknowns = Blueprint("messaging_unknowns", __name__, url_prefix="/messaging/unknowns")


@unknowns.get("")
@unknowns.post("")
@needs(May.OPERATE)
def index() -> str:
    with here().transaction() as tx:
        found = queries.unknowns(tx, scope())
        holders = [one["guest_id"] for one in found if one["address_sealed"]]
        contacts = listed(tx, "unknowns.listed", "messages", {}, lines=len(found), holders=holders)
        for one in found:
            one["name"] = whole_name(one["given_name"], one["family_name"], one["reads"])
            one["to"] = (
                tx.keyring.open(Sealed(one["address_sealed"]), Sealing.CONTACT) if one["address_sealed"] else None
            )
    return render_template("unknowns.html", unknowns=found, contacts=contacts)


@unknowns.post("/<uuid:message_id>/resolution")
@needs(May.OPERATE)
def resolve(message_id: UUID) -> Response:
    found = read(Found, request.form)["found"]
    with here().transaction() as tx:
        if not queries.in_view(tx, message_id, me().scope):
            abort(404)
        resolve_unknown(tx, message_id, found, by=me(), at=here().now())
    flash(gettext("Recorded. The outcome of this message is clear now."))
    return redirect("/messaging/unknowns", 303)
