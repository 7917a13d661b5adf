"""A guest's time in journeys, as entries of their story."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import gettext, ngettext

from services.campaigns.pages.guests.occasions import occasion
from services.campaigns.pages.neighbours import story_names
from services.campaigns.pages.sentences.goals import reached_words
from services.campaigns.pages.sentences.messages import left_words
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps import sentence
from services.campaigns.queries.people import Story, story_of
from services.campaigns.rules.paces import USUAL
from services.campaigns.steps import kind_of
from services.campaigns.steps.send import Send
from shared.access.audit import record
from shared.access.people import May
from shared.web.access_control import me, needs, scope
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import asked_for_a_page, here

found = Blueprint("campaigns_guests", __name__, url_prefix="/campaigns/guests")
MOST = 200


@found.get("/<uuid:guest>/story")
@needs(May.SEE_GUESTS)
def story(guest: UUID) -> dict[str, Any]:
    with here().transaction() as tx:
        rows = story_of(tx, guest, scope(), MOST)
        if not asked_for_a_page():
            record(tx, me(), "guest.story_viewed", f"guest {guest}", {}, here().now())
    names = story_names() if rows else {}
    entries = [entry for row in rows for entry in entries_of(row, names)]
    entries.sort(key=lambda entry: str(entry["at"]), reverse=True)
    return {"entries": entries[:MOST], "actions": ""}


def entries_of(row: Story, names: Names) -> list[dict[str, Any]]:
    name = shown_name(row.name)
    found = [_entry(row.entered_at, row, _entered(row, name), _standing(row, names))]
    if row.state == "exited":
        title = gettext("Left «%(journey)s»: %(reason)s", journey=name, reason=left_words(row.reason))
        found.append(_entry(row.changed_at, row, title, ""))
    for goal, at in row.reached:
        found.append(_entry(at, row, reached_words(row.document, goal, name), "", tone="good", icon="tick"))
    return found


def _entered(row: Story, name: str) -> str:
    """By a stay's date a guest is known before it comes."""
    if row.entered_at <= here().now():
        return str(gettext("Entered «%(journey)s»", journey=name))
    if row.state == "exited":
        return str(gettext("Was to enter «%(journey)s»", journey=name))
    return str(gettext("Is to enter «%(journey)s»", journey=name))


def _standing(row: Story, names: Names) -> str:
    came = gettext("Because of: %(occasion)s.", occasion=occasion(row.occurrence, row.data, names))
    if USUAL in row.data:
        came = f"{came} {_usual_words(row.data[USUAL])}"
    step = next((one for one in row.document["steps"] if one["key"] == row.step), None)
    if row.state not in ("waiting", "paused") or step is None:
        return str(came)
    if row.state == "paused":
        waits = gettext("Waits: the journey is paused.")
    elif kind_of(step) == Send.kind:
        waits = gettext("Waits for the message «%(template)s».", template=sentence(step, names))
    else:
        waits = gettext("Waits: %(step)s", step=sentence(step, names))
    return f"{came} {waits}"


def _usual_words(usual: dict[str, Any]) -> str:
    """Why at that hour."""
    if not usual:
        return str(gettext("At the broadcast's hour: too little is known of when they open links or answer."))
    return str(
        ngettext(
            "At %(hour)s: %(times)s time they opened a link or answered around then.",
            "At %(hour)s: %(times)s times they opened a link or answered around then.",
            usual["times"],
            hour=f"{usual['hour']}:00",
            times=usual["times"],
        )
    )


def _entry(at: datetime, row: Story, title: str, text: str, tone: str = "plain", icon: str = "path") -> dict[str, Any]:
    waits_until = row.due_at if text and row.state == "waiting" else None
    html = render_template(
        "_story.html", title=title, at=at, zone=row.zone, text=text, tone=tone, icon=icon, until=waits_until, row=row
    )
    return {"at": at.isoformat(), "kind": "audience", "html": html}
