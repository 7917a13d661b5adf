"""A test of a template to one's own inbox or telephone, as a chosen guest, in one language or in all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.templates.own_tests import MOST_A_DAY, Written, send_to_self
from services.messaging.pages.template_context import heading
from services.messaging.pages.templates import drafting
from services.messaging.queries.templates.versions import Reader, house_of, one
from services.messaging.schemas import OwnTestAsked, read
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.templates.drafts import draft
from services.messaging.store.templates.template_tests import of_person, real_channels
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, Problem
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

own_tests = Blueprint("messaging_own_tests", __name__, url_prefix="/messaging/templates/<key>/own-tests")


@own_tests.post("")
@needs(May.CONFIGURE)
def send(key: str) -> Response:
    asked = read(OwnTestAsked, request.form)
    try:
        with here().transaction() as tx:
            found, written = one(tx, key) or abort(404), draft(tx, key) if asked["draft"] else None
            document = written.document if written else found.document
            who = drafting.reader_of(tx, asked["guest"], me().scope)
            texts = _texts(tx, document, Channel(asked["channel"]), asked["language"], who)
            title, version = shown_name(document["name"]), 0 if written else found.version
            guest = who.guest_id if who else None
            send_to_self(tx, key, title, version, texts, guest, by=me(), at=here().now())
    except InputError as error:
        flash(_in_words(error), "problem")
    else:
        flash(gettext("It is on its way to you. What became of it stands below."))
    where = f"/edit?language={asked['language']}" if asked["draft"] else f"?language={asked['language']}"
    return redirect(f"/messaging/templates/{key}{where}", 303)


def _texts(tx: Tx, document: Mapping[str, Any], channel: Channel, language: str, who: Reader | None) -> list[Written]:
    """In the language asked for, or in all. Its links lead straight: nobody's click is counted by a test."""
    tags = [language] if language != ALL else list(document["locales"])
    house = house_of(tx, who.home_property if who else None, tags[0]) or drafting.SOMEWHERE
    found = []
    for tag in tags:
        if channel not in document["locales"].get(tag, {}):
            continue
        shown = drafting.preview(tx, document, tag, channel, who, straight=True)
        if shown.rendered is None:
            raise InputError(None, {"language": Problem(shown.problem, "unwritten", why=shown.problem)})
        rendered = shown.rendered
        words = SentWords(house["name"], rendered.subject, rendered.text, rendered.html)
        found.append(Written(tag, channel, words))
    return found or abort(404)


ALL = "all"


def _in_words(error: InputError) -> str:
    problem = next(iter(error.problems.values()))
    match problem.code if isinstance(problem, Problem) else "":
        case "not_real":
            return gettext("Nothing is really sent on this channel: use the test to the sandbox.")
        case "too_many":
            return gettext("You have sent yourself %(most)s tests within a day; that is enough.", most=MOST_A_DAY)
        case _:
            return str(problem)


def tests_shown(tx: Tx, key: str) -> dict[str, Any]:
    """What the page of a template needs to offer tests, and to say what became of mine."""
    return {"test_channels": channels_of_tests(tx), "my_tests": of_person(tx, key, me().person_id)}


def channels_of_tests(tx: Tx) -> list[tuple[str, str]]:
    """On which channels something really leaves, with their names."""
    real = real_channels(tx)
    return [(str(channel), heading(channel)) for channel in Channel if channel in real]
