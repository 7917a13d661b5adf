"""Sign-ups that differ from what is known of the guest: taken over or left, by who may care for the guest."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.sign_ups.settle import leave_as_known, take_over
from services.segments.commands.sign_ups.take import TakingOver
from services.segments.config import Config
from services.segments.queries.guests.page import names_of
from services.segments.store.sign_ups import SignUp, differing, lock_differing
from shared.access import audit
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import masked
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_sign_up_differences", __name__, url_prefix="/segments/sign-ups/differences")
MOST = 200


@pages.get("")
@needs(May.CARE)
def show() -> str:
    with here().transaction() as tx:
        found = differing(tx, MOST)
        names = names_of(tx, [one.guest_id for one in found if one.guest_id], me().scope)
        seen = [one for one in found if str(one.guest_id) in names]
        if seen:
            audit.record(tx, me(), "sign_ups.viewed", "guests", {"count": len(seen)}, here().now())
    in_full = me().may(May.SEE_CONTACTS)
    return render_template(
        "sign_up_differences.html", found=seen, names=names, shown=str if in_full else masked, label=label
    )


@pages.post("/<uuid:sign_up>")
@needs(May.CARE)
def settle(sign_up: UUID) -> Response:
    config, now = here().part(Config), here().now()
    with here().transaction() as tx:
        found = _load(tx, sign_up)
        if found is not None and request.form.get("take") == "1":
            take_over(tx, sign_up, TakingOver(config.agency_domains, config.confirmed), me(), now)
            flash(gettext("Taken over: the guest's data say so from now on."))
        elif found is not None:
            leave_as_known(tx, sign_up, me(), now)
            flash(gettext("Left as it was known."))
    return redirect("/segments/sign-ups/differences", 303)


def _load(tx: Tx, sign_up: UUID) -> SignUp | None:
    """None where it was decided already."""
    found = lock_differing(tx, sign_up)
    if found and found.guest_id and str(found.guest_id) not in names_of(tx, [found.guest_id], me().scope):
        abort(404)
    return found
