"""Other systems that are told of events: which there are, what became of each message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from flask import redirect as to
from flask_babel import ngettext
from werkzeug.wrappers import Response

from services.console.commands.webhooks import end_webhook, make_webhook, try_again
from services.console.config import Config
from services.console.pages.forms import problems_of, sent
from services.console.rules.webhooks import MessageState
from services.console.store import webhooks as store
from shared.access.people import May
from shared.errors import InputError, NotFound
from shared.events.told_outside import TOLD
from shared.vocabulary.trouble import Trouble
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.labels import labels
from shared.web.pages.needs import Weight
from shared.web.pages.versions import number_in
from shared.web.site import here

WEBHOOKS = Blueprint("console_webhooks", __name__, url_prefix="/webhooks")
MOST = 50


@WEBHOOKS.get("")
@needs(May.ADMINISTER)
def show_all() -> str:
    return _page({}, {})


@WEBHOOKS.post("")
@needs(May.ADMINISTER)
def make() -> tuple[str, int]:
    form = sent("properties", "types")
    url, plain = form.get("url", "").strip(), bool(here().part(Config).networks)
    try:
        with here().transaction() as tx:
            wanted = (url, form["types"], form["properties"])
            made, secret = make_webhook(tx, *wanted, me().name, here().now(), plain_allowed=plain)
    except InputError as error:
        return _page(form, problems_of(error)), 422
    return render_template("given_secret.html", secret=secret, url=url, webhook_id=made), 201


@WEBHOOKS.get("/<uuid:webhook_id>")
@needs(May.ADMINISTER)
def show(webhook_id: UUID) -> str:
    before = number_in(request.args, "before")
    with here().transaction() as tx:
        webhook = store.one(tx, webhook_id)
        if webhook is None:
            raise NotFound()
        found = store.lines(tx, webhook_id, before, MOST + 1)
        attempts = store.attempts_of(tx, [line.id for line in found])
        count = store.counts(tx).get(webhook_id, {})
    shown = {"lines": found[:MOST], "older": found[MOST - 1].id if len(found) > MOST else None, "attempts": attempts}
    return render_template("webhook.html", webhook=webhook, count=count, **shown, **_words())


@WEBHOOKS.post("/<uuid:webhook_id>/ending")
@needs(May.ADMINISTER)
def end(webhook_id: UUID) -> Response:
    with here().transaction() as tx:
        end_webhook(tx, webhook_id, me().name, here().now())
    return to("/webhooks", 303)


@WEBHOOKS.post("/<uuid:webhook_id>/retry")
@needs(May.ADMINISTER)
def retry(webhook_id: UUID) -> Response:
    with here().transaction() as tx:
        count = try_again(tx, webhook_id, me().name, here().now())
    flash(ngettext("%(num)d message is tried again.", "%(num)d messages are tried again.", count))
    return to(f"/webhooks/{webhook_id}", 303)


def needs_of_webhooks() -> list[dict[str, Any]]:
    """What home tells of: messages that were given up."""
    with here().transaction() as tx:
        dead = {webhook_id: count["dead"] for webhook_id, count in store.counts(tx).items() if count.get("dead")}
    return [
        {
            "url": f"/webhooks/{webhook_id}",
            "tone": "look",
            "weight": Weight.DATA,
            "text": ngettext(
                "%(num)d event could not be told to another system",
                "%(num)d events could not be told to another system",
                number,
            ),
        }
        for webhook_id, number in dead.items()
    ]


def _page(values: dict[str, Any], problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        found, counts = store.all_webhooks(tx), store.counts(tx)
    more = {"values": values, "problems": problems, "types": list(TOLD)}
    return render_template("webhooks.html", webhooks=found, counts=counts, **more, **_words())


def _words() -> dict[str, Any]:
    names = {hotel.code: hotel.name for hotel in my_hotels()}
    states = {str(state): state for state in MessageState}
    return {"hotel_names": names, "states": states, "labels": labels(MessageState), "troubles": labels(Trouble)}
