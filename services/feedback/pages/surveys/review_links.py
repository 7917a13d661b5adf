"""Where may guests tell others? The same sites for everybody who has answered, content or not."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.pages.surveys.places import place_named
from services.feedback.rules.asking.review_links import MOST_LINKS, links_in
from services.feedback.store.surveys.review_links import put_links
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

REVIEW_LINKS = Blueprint("feedback_review_links", __name__, url_prefix="/feedback/surveys/<place>/review-links")


@REVIEW_LINKS.post("")
@needs(May.CONFIGURE)
def change(place: str) -> Response:
    where, now = place_named(place, to_write=True), here().now()
    if not where.code:
        abort(404)
    typed = [(request.form.get(f"name_{one}", ""), request.form.get(f"url_{one}", "")) for one in range(MOST_LINKS)]
    try:
        links = links_in(typed)
    except InputError as error:
        text = gettext("Each site needs a name and an address that begins with https://. Nothing was changed.")
        raise InputError(text) from error
    with here().transaction() as tx:
        put_links(tx, where.code, links)
        named = {"sites": [one.name for one in links]}
        record(tx, me(), "survey.review_links_changed", f"survey {where.key}", named, now)
    flash(gettext("Saved."))
    return redirect(f"{where.path}#reviews", 303)
