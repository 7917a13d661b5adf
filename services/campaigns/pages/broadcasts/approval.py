"""A second person's word on a broadcast: asked for, given, and whether the house wants it at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands import four_eyes as commands
from services.campaigns.store import drafts
from services.campaigns.store import four_eyes as store
from shared.access.four_eyes import is_second
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

found = Blueprint("campaigns_broadcast_approval", __name__, url_prefix="/campaigns/broadcasts/<key>/approval")
rules = Blueprint("campaigns_broadcast_rules", __name__, url_prefix="/campaigns/broadcast-rules")


def house_zone() -> str:
    """By which instants are shown that are no guest's."""
    return next((hotel.zone for hotel in my_hotels()), "UTC")


def approval_shown(tx: Tx, key: str) -> dict[str, Any]:
    """What the page says of a second person's word: nothing where the house does not want it."""
    draft = drafts.find(tx, key)
    if draft is None or not store.needs_approval(tx):
        return {"approval": None, "approval_needed": False, "may_approve": False, "revision": 0, "zone": house_zone()}
    asked = store.approval(tx, key)
    current = asked if asked and asked.is_of(draft.revision) else None
    may = current is not None and is_second(me().person_id, current.asked_by_id, draft.edited_by_id)
    return {
        "approval": current,
        "approval_needed": True,
        "may_approve": may,
        "revision": draft.revision,
        "zone": house_zone(),
    }


@found.post("")
@needs(May.CONFIGURE)
def ask(key: str) -> Response:
    return _do(key, commands.ask_for_approval, gettext("A colleague is asked: it stands on their home page."))


@found.post("/grant")
@needs(May.CONFIGURE)
def grant(key: str) -> Response:
    return _do(key, commands.approve, gettext("Approved. It can be planned as it stands."))


def _do(key: str, command: Callable[..., object], done: str) -> Response:
    revision = request.form.get("revision", "")
    try:
        with here().transaction() as tx:
            command(tx, key, int(revision) if revision.isdecimal() else 0, by=me(), at=here().now())
    except Conflict:
        flash(gettext("It was changed meanwhile. Look at it again."), "problem")
    except InputError:
        flash(gettext("Whoever asked for it or wrote it last cannot approve it."), "problem")
    else:
        flash(done)
    return redirect(url_for("campaigns_broadcasts.broadcast", key=key), 303)


@rules.get("")
@needs(May.CONFIGURE)
def show() -> str:
    with here().transaction() as tx:
        rule = store.rule(tx)
    return render_template("broadcast_rules.html", rule=rule, may_choose=me().may(May.ADMINISTER), zone=house_zone())


@rules.post("")
@needs(May.ADMINISTER)
def choose() -> Response:
    with here().transaction() as tx:
        commands.choose_rule(tx, needs_approval="needs_approval" in request.form, by=me(), at=here().now())
    flash(gettext("Saved. It holds from now on."))
    return redirect(url_for("campaigns_broadcast_rules.show"), 303)
