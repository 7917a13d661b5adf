"""A second person's word on a draft: asked for, given, and whether the house wants it at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.templates import four_eyes as commands
from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.problem_words import in_words
from services.messaging.schemas import ApprovalAsked, TemplateRule, read
from services.messaging.store.templates import four_eyes as store
from services.messaging.store.templates.drafts import Draft
from shared.access.four_eyes import is_second
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.web.access_control import me, needs
from shared.web.site import here

four_eyes = Blueprint("messaging_four_eyes", __name__, url_prefix="/messaging/templates/<key>/approval")
template_rules = Blueprint("messaging_template_rules", __name__, url_prefix="/messaging/template-rules")


def approval_shown(tx: Tx, found: Draft) -> dict[str, Any]:
    """What the editor says of a second person's word: nothing where the house does not want it."""
    if not store.needs_approval(tx):
        return {"approval": None, "approval_needed": False, "may_approve": False}
    asked = store.approval(tx, found.key)
    current = asked if asked and asked.is_of(found.version) else None
    may = current is not None and is_second(me().person_id, current.asked_by_id, found.edited_by_id)
    return {"approval": current, "approval_needed": True, "may_approve": may}


@four_eyes.post("")
@needs(May.CONFIGURE)
def ask(key: str) -> Response:
    asking = partial(commands.ask_for_approval, own=drafting.own_origins())
    return _do(key, asking, gettext("A colleague is asked: it stands on their home page."))


@four_eyes.post("/grant")
@needs(May.CONFIGURE)
def grant(key: str) -> Response:
    return _do(key, commands.approve, gettext("Approved. It can be published as it stands."))


def _do(key: str, command: Callable[..., object], done: str) -> Response:
    version = read(ApprovalAsked, request.form)["draft_version"]
    try:
        with here().transaction() as tx:
            command(tx, key, version, by=me(), at=here().now())
    except Conflict:
        flash(gettext("The draft was changed meanwhile. Look at it again."), "problem")
    except InputError as error:
        flash(" ".join(map(in_words, list(error.problems.values())[:1])), "problem")
    else:
        flash(done)
    return redirect(f"/messaging/templates/{key}/edit", 303)


@template_rules.get("")
@needs(May.CONFIGURE)
def show() -> str:
    with here().transaction() as tx:
        found = store.rule(tx)
    return render_template("template_rules.html", rule=found, may_choose=me().may(May.ADMINISTER))


@template_rules.post("")
@needs(May.ADMINISTER)
def choose() -> Response:
    asked = read(TemplateRule, request.form)
    with here().transaction() as tx:
        commands.choose_rule(tx, **asked, by=me(), at=here().now())
    flash(gettext("Saved. It holds from now on."))
    return redirect("/messaging/template-rules", 303)
