"""The guests in a journey or a step of it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.guests.occasions import occasion
from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.pages.neighbours import choices, guest_names
from services.campaigns.pages.sentences.messages import OWN_REASONS, left_words, message_words
from services.campaigns.pages.steps import sentence
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.people import A_PAGE, WHAT, Participant, participants
from shared.access.people import May
from shared.web.access_control import needs, scope
from shared.web.contacts import listed
from shared.web.site import here

found = Blueprint("campaigns_people", __name__, url_prefix="/campaigns/journeys/<key>/people")
TITLES = {
    "waiting": _l("Waiting now"),
    "sent": _l("Received a message"),
    "refused": _l("Received none"),
    "all": _l("Everybody"),
}


@found.get("")
@needs(May.CONFIGURE)
def people(key: str) -> str:
    what, step = request.args.get("what", "all"), request.args.get("step") or None
    if what not in WHAT:
        abort(404)
    with here().transaction() as tx:
        line = line_of(tx, key)
        rows = participants(tx, key, scope(), step=step, what=what, after=_after())
        told = {"what": what, "step": step, "later_page": "after" in request.args}
        listed(tx, "people.listed", f"journey {key}", told, lines=len(rows[:A_PAGE]))
        versions = queries.versions(tx, key)
    shown, names = rows[:A_PAGE], choices().names
    steps = {one["key"]: sentence(one, names) for version in reversed(versions) for one in version.document["steps"]}
    return render_template(
        "people.html",
        line=line,
        rows=shown,
        next_after=shown[-1].id if len(rows) > A_PAGE else None,
        what=what,
        step=step,
        titles=TITLES,
        steps=steps,
        guests=guest_names(row.guest_id for row in shown),
        occasion=partial(occasion, names=names),
        stands=stands,
    )


def _after() -> UUID | None:
    try:
        return UUID(request.args["after"]) if "after" in request.args else None
    except ValueError:
        abort(404)


def stands(row: Participant) -> str:
    """Where a guest stands in the journey, but for what they wait for."""
    if row.state in ("waiting", "paused"):
        return str(gettext("paused")) if row.state == "paused" else str(gettext("waits"))
    if row.reason not in OWN_REASONS and row.message_state is not None and row.state == "done":
        return message_words(row.message_state, row.message_reason)
    return left_words(row.reason)
