"""What was sent and what was not: the list, and each message as it was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.config import Config
from services.messaging.pages import sentences
from services.messaging.pages.template_context import journey_name
from services.messaging.queries import messages as queries
from services.messaging.queries import senders
from services.messaging.queries.names import whole_name
from services.messaging.queries.templates import versions as templates
from services.messaging.queries.templates.links import links_of
from services.messaging.schemas import CAME_BACK, SENT_GROUPS, SentFilter, key_of, read
from shared.access.audit import record
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import GATE, OFFERS, PROVIDER, SENDERS
from shared.vocabulary.receipt import ReceiptState
from shared.web.access_control import chosen_hotel, me, my_hotels, needs, scope
from shared.web.contacts import Contacts, listed, on_the_page_of
from shared.web.i18n.labels import label, labels
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

messages = Blueprint("messaging_messages", __name__, url_prefix="/messaging/messages")
BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'; sandbox"
)
OF_THIS_MACHINE = re.compile(r"http://127\.0\.0\.1:\d+(?=/(?:messaging|feedback|l)/)")
FILTERS = ("state", "reason", "journey", "channel", "sender", "purpose", "back")
SECRETS = re.compile(r"(/messaging/way-out/|/feedback/survey/)[\w.~-]{20,}|(?<=/l/)[0-9A-Za-z]{18,19}(?![0-9A-Za-z])")


@messages.get("")
@needs(May.SEE_GUESTS)
def index() -> str:
    asked = read(SentFilter, request.args)
    with here().transaction() as tx:
        lines = queries.decided(tx, _wanted(asked))
        told = {
            **{name: asked[name] for name in FILTERS},
            **{name: str(asked[name] or "") for name in ("day", "since")},
            "later_page": asked["after"] != "",
        }
        listed(tx, "messages.listed", "messages", told, lines=len(lines[: queries.PAGE]))
        journeys, by_whom = queries.journeys(tx), senders.choices(tx)
    more = request.args.to_dict() | {"after": lines[queries.PAGE - 1].key} if len(lines) > queries.PAGE else {}
    return render_template(
        "messages.html",
        lines=lines[: queries.PAGE],
        asked=asked,
        choices=_choices(journeys, by_whom, asked),
        more=more,
        purposes=labels(Purpose),
    )


def _choices(
    journeys: Sequence[str], by_whom: list[tuple[str, str]], asked: dict[str, Any]
) -> dict[str, list[tuple[str, str]]]:
    groups = [(key, str(name)) for key, name in sentences.GROUPS.items()]
    refusals = {*map(str, (*GATE, *OFFERS, *SENDERS, *PROVIDER)), asked["reason"]} - {""}
    reasons = sorted(((key, sentences.why(key)) for key in refusals), key=lambda pair: pair[1])
    keys = sorted({*journeys, asked["journey"]} - {""})
    return {
        "state": [("", gettext("Everything")), *groups],
        "reason": [("", gettext("Any reason")), *reasons],
        "journey": [("", gettext("All journeys")), *((key, journey_name(key)) for key in keys)],
        "channel": [("", gettext("Any channel")), *labels(Channel).items()],
        "sender": [("", gettext("Any sender")), *by_whom] if by_whom else [],
        "back": [("", gettext("Whatever was heard of it")), *((key, _back(key)) for key in CAME_BACK)],
    }


def _back(key: str) -> str:
    states = [label(ReceiptState(state)) for state in CAME_BACK[key]]
    return states[0] if len(states) == 1 else gettext("came back or reported as spam")


def _wanted(asked: dict[str, Any]) -> queries.Wanted:
    since, until = queries.day_in(asked["day"], _zone())
    if asked["since"] and asked["day"] is None:
        since, _ = queries.day_in(asked["since"], _zone())
    states = SENT_GROUPS.get(asked["state"], ())
    return queries.Wanted(
        scope=scope(),
        states=states,
        reason=asked["reason"],
        journey=asked["journey"],
        channel=asked["channel"],
        sender=asked["sender"],
        purpose=asked["purpose"],
        back=CAME_BACK.get(asked["back"], ()),
        since=since,
        until=until,
        after=key_of(asked["after"]),
    )


def _zone() -> str:
    """The zone of the hotel chosen, else of the first: a day begins there."""
    hotel = chosen_hotel() or next(iter(my_hotels()), None)
    return hotel.zone if hotel else "UTC"


@messages.get("/<uuid:message_id>")
@needs(May.SEE_GUESTS)
def show(message_id: UUID) -> str:
    with here().transaction() as tx:
        found, words = queries.message(tx, message_id, me().scope), queries.as_sent(tx, message_id)
        if found is None and not _is_test(tx, message_id):
            abort(404)
        history, receipt = queries.decisions(tx, message_id), queries.receipt(tx, message_id)
        links = links_of(tx, message_id) if found else []
        by_whom = senders.sender_of(tx, message_id) if found else None
        to = (
            tx.keyring.open(Sealed(found["address_sealed"]), Sealing.CONTACT)
            if found and found["address_sealed"]
            else None
        )
        contacts = on_the_page_of(tx, found["guest_id"]) if found else Contacts()
        if found:
            record(tx, me(), "message.read", f"message {message_id}", {"guest": str(found["guest_id"])}, here().now())
        template = templates.one(tx, found["template"]) if found and found["template"] else None
    name = whole_name(found["given_name"], found["family_name"], found["reads"]) if found else ""
    return render_template(
        "message.html", message=found, name=name, words=words, history=history, receipt=receipt, id=message_id,
        links=links, by_whom=by_whom,
        contacts=contacts, to=contacts.point(found["guest_id"], to) if found else "–",
        text=without_secrets(words.text) if words else "",
        template_name=shown_name(template.document["name"]) if template else "",
    )  # fmt: skip


@messages.get("/<uuid:message_id>/body")
@needs(May.SEE_GUESTS)
def body(message_id: UUID) -> Response:
    """A mail's page alone, for its frame: nothing in it runs, loads, or leads anywhere."""
    with here().transaction() as tx:
        in_view = queries.in_view(tx, message_id, me().scope)
        if not in_view and not _is_test(tx, message_id):
            abort(404)
        words = queries.as_sent(tx, message_id)
        if in_view:
            record(tx, me(), "message.body_read", f"message {message_id}", {}, here().now())
    if words is None or words.page is None:
        abort(404)
    return framed(without_secrets(words.page))


def _is_test(tx: Tx, message_id: UUID) -> bool:
    """A text that somebody tried, on any guest: for those who see all, like the templates it is made from."""
    return me().scope.everywhere and queries.is_test(tx, message_id)


def framed(page: str, *, scrolled_by_us: bool = False) -> Response:
    """Somebody else's HTML, harmless: its links lead nowhere. `scrolled_by_us`: the page around it may set how far it
    is scrolled; there is still no script in it, no form, and nothing from elsewhere."""
    response = make_response(page.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = BODY_POLICY + (" allow-same-origin" if scrolled_by_us else "")
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def without_secrets(text: str) -> str:
    """A guest's own links act in the guest's name: they are not for whoever reads along. A demo runs where it was made
    or at another port: its links lead to where it runs.
    """
    led = OF_THIS_MACHINE.sub(here().part(Config).origin, text) if here().demo else text
    return SECRETS.sub(lambda found: f"{found[1] or ''}…", led)
