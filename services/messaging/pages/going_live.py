"""The switch out of the sandbox: what is ready, whom it concerns and what leaves first. For administrators."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands import going_live as commands
from services.messaging.commands.domains.check import is_proven, mail_domains
from services.messaging.config import Config
from services.messaging.pages.senders.shown import zone
from services.messaging.queries import going_live as queries
from services.messaging.queries.names import whole_name
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.i18n.languages import language
from shared.web.site import here

going_live = Blueprint("messaging_going_live", __name__, url_prefix="/messaging/going-live")
HERE = "/messaging/going-live"
A_DAY = timedelta(days=1)


@going_live.get("")
@needs(May.ADMINISTER)
def show() -> str:
    now, config = here().now(), here().part(Config)
    with here().transaction() as tx:
        standing = commands.standing(tx, config)
        channels = sorted(
            {sender.channel for sender in standing.working if sender.channel in standing.open_channels}
            or set(map(str, standing.open_channels))
        )
        anybody, offers = queries.reachable(tx, channels)
        count, first = queries.planned(tx, list(map(str, standing.open_channels)), now, now + A_DAY)
        past = queries.past(tx, list(map(str, standing.open_channels)), now)
        domains = mail_domains(tx, config)
    return render_template(
        "going_live.html",
        standing=standing,
        domains=[(one.name, is_proven(one)) for one in domains],
        channels=channels,
        anybody=anybody,
        offers=offers,
        count=count,
        first=first,
        name=whole_name(first.given_name, first.family_name, language()) if first else "",
        past=past,
        zone=zone(),
    )


@going_live.post("")
@needs(May.ADMINISTER)
def begin() -> Response:
    try:
        with here().transaction() as tx:
            commands.go_live(tx, here().part(Config), by=me(), at=here().now())
    except Conflict:
        flash(gettext("The house is live already."), "problem")
    except InputError:
        flash(gettext("No sender has shown yet that it works: send yourself a test first."), "problem")
    else:
        flash(gettext("The house is live: from now on messages really leave."))
    return redirect(HERE, 303)


@going_live.post("/end")
@needs(May.ADMINISTER)
def end() -> Response:
    try:
        with here().transaction() as tx:
            commands.back_to_sandbox(tx, by=me(), at=here().now())
    except Conflict:
        flash(gettext("The house is in the sandbox already."), "problem")
    else:
        flash(gettext("The house is in the sandbox again: nothing really leaves."))
    return redirect(HERE, 303)


def steps(tx: Tx, config: Config) -> dict[str, bool] | None:
    """How far the house is, for the list on the home page; None where the environment decides."""
    found = commands.standing(tx, config)
    if not found.open_channels or set(Channel) - set(config.sandboxed):  # it sends, or never does, by itself
        return None
    domains = mail_domains(tx, config)
    works = any(sender.channel in found.open_channels for sender in found.working)
    return {
        "sender": works,
        "domain": all(map(is_proven, domains)) if domains else works,
        "live": found.period is not None,
    }
