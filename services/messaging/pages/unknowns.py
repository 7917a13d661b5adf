"""Messages whose outcome is unclear: what is known of each, and what a person found out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.messaging.commands.unknowns import resolve_unknown, settle_matching
from services.messaging.pages import sentences
from services.messaging.pages.template_context import stop_zone
from services.messaging.queries import messages as queries
from services.messaging.queries.names import whole_name
from services.messaging.schemas import Found, FoundOfAll, UnclearFilter, read
from services.messaging.store.sending.matching_unknowns import Wanted, count, reasons
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.localtime import local_instant
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs, scope
from shared.web.contacts import listed
from shared.web.i18n.labels import label
from shared.web.site import here

unknowns = Blueprint("messaging_unknowns", __name__, url_prefix="/messaging/unknowns")
LONGEST = 20.0  # seconds that a request settles all that match


@unknowns.get("")
@unknowns.post("")
@needs(May.OPERATE)
def index() -> str:
    asked = read(UnclearFilter, request.args)
    wanted, everything = _wanted(asked), Wanted(scope=scope())
    with here().transaction() as tx:
        found = queries.unknowns(tx, wanted)
        holders = [one["guest_id"] for one in found if one["address_sealed"]]
        contacts = listed(tx, "unknowns.listed", "messages", wanted.asked, lines=len(found), holders=holders)
        for one in found:
            one["name"] = whole_name(one["given_name"], one["family_name"], one["reads"])
            one["to"] = (
                tx.keyring.open(Sealed(one["address_sealed"]), Sealing.CONTACT) if one["address_sealed"] else None
            )
        matching, kinds = count(tx, wanted), reasons(tx, everything)
    return render_template(
        "unknowns.html",
        unknowns=found,
        contacts=contacts,
        asked={**asked, **{name: _typed(asked[name]) for name in ("since", "before")}},
        matching=matching,
        shown=here().now().isoformat(),
        zone=stop_zone(),
        choices=_choices(kinds),
    )


def _choices(kinds: Sequence[tuple[str | None, str | None, int, datetime]]) -> dict[str, list[tuple[str, str]]]:
    """Of what is unclear just now."""
    channels = sorted({channel for channel, _, _, _ in kinds if channel})
    why = sorted({(reason, sentences.why(reason)) for _, reason, _, _ in kinds if reason}, key=lambda pair: pair[1])
    return {
        "channel": [("", gettext("Any channel")), *((one, label(Channel(one))) for one in channels)],
        "reason": [("", gettext("Any reason")), *why],
    }


def _wanted(asked: Mapping[str, Any], by: datetime | None = None) -> Wanted:
    since, before = _instant(asked["since"]), _instant(asked["before"])
    return Wanted(scope=scope(), channel=asked["channel"], reason=asked["reason"], since=since, before=before, by=by)


def _instant(typed: datetime | None) -> datetime | None:
    """As the clocks of the first hotel show it."""
    return local_instant(typed.date(), typed.time(), stop_zone()) if typed else None


def _typed(value: datetime | None) -> str:
    return value.isoformat(timespec="minutes") if value else ""


@unknowns.post("/settlement")
@needs(May.OPERATE)
def settle() -> Response:
    """All that match, as they were shown: what became unclear since is left alone."""
    asked, site = read(FoundOfAll, request.form), here()
    wanted, ends, settled = _wanted(asked, by=asked["shown"]), time.monotonic() + LONGEST, 0
    while time.monotonic() < ends:
        with site.transaction() as tx:
            done = settle_matching(tx, wanted, asked["found"], by=me(), at=site.now())
        settled += done
        if not done:
            break
    flash(
        ngettext(
            "Recorded. The outcome of %(num)s message is clear now.",
            "Recorded. The outcome of %(num)s messages is clear now.",
            settled,
        )
    )
    return redirect("/messaging/unknowns", 303)


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
