"""The senders' pages: for administrators, since a sender speaks for all hotels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from services.messaging.channels.registry import RULES
from services.messaging.commands import going_live
from services.messaging.commands.senders import setting_up
from services.messaging.commands.senders.trying import try_sender
from services.messaging.commands.templates.own_tests import MOST_A_DAY
from services.messaging.config import Config
from services.messaging.pages import outages
from services.messaging.pages.domains.shown import lost_domains
from services.messaging.pages.senders import shown
from services.messaging.pages.senders.form import filled, in_words, row_from
from services.messaging.queries import senders as queries
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.store.senders import health, rows
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.templates.template_tests import of_sender
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

senders = Blueprint("messaging_senders", __name__, url_prefix="/messaging/senders")
HERE = "/messaging/senders"


@senders.get("")
@needs(May.ADMINISTER)
def index() -> str:
    now = here().now()
    with here().transaction() as tx:
        found, fares, sent = rows.senders(tx), health.health_of_all(tx), queries.sent_since(tx, shown.midnight(now))
        standing = going_live.standing(tx, here().part(Config))
        lost = lost_domains(tx, here().part(Config))
        taken = health.taken_on(tx, now.astimezone(UTC).date())
        waiting = outages.told(tx)
    return render_template(
        "senders.html",
        listed=[shown.Shown(one, fares.get(one.sender_id), sent.get(one.sender_id, 0), now) for one in found],
        taken=taken,
        lost=lost,
        waiting=waiting,
        of_environment=shown.of_environment(standing),
        standing=standing,
        zone=shown.zone(),
    )


@senders.get("/new/<channel>")
@needs(May.ADMINISTER)
def new(channel: str) -> str:
    with here().transaction() as tx:
        return _form(tx, _channel(channel), None, filled(None), {})


@senders.post("/new/<channel>")
@needs(May.ADMINISTER)
def add(channel: str) -> Response | tuple[str, int]:
    kind = _channel(channel)
    with here().transaction() as tx:
        try:
            row, secret = _read(tx, kind, None)
        except InputError as error:
            return _form(tx, kind, None, _typed(), in_words(error.problems)), 422
        setting_up.set_up(tx, row, secret, by=me(), at=here().now())
    flash(gettext("It is kept. Try it: until a test came through, nobody knows whether it works."))
    return redirect(f"{HERE}/{row.sender_id}", 303)


@senders.get("/<uuid:sender_id>")
@needs(May.ADMINISTER)
def show(sender_id: UUID) -> str:
    with here().transaction() as tx:
        found = _one(tx, sender_id)
        return _form(tx, Channel(found.channel), found, filled(found), {})


@senders.post("/<uuid:sender_id>")
@needs(May.ADMINISTER)
def change(sender_id: UUID) -> Response | tuple[str, int]:
    with here().transaction() as tx:
        found = _one(tx, sender_id)
        kind = Channel(found.channel)
        try:
            row, secret = _read(tx, kind, found)
            setting_up.change(tx, row, secret, by=me(), at=here().now())
        except InputError as error:
            return _form(tx, kind, found, _typed(), in_words(error.problems)), 422
        except Conflict:
            flash(gettext("A colleague changed this sender meanwhile; look at it and change it again."), "problem")
            return redirect(f"{HERE}/{sender_id}", 303)
    flash(gettext("Saved. It counts from the next messages on; try it once more."))
    return redirect(f"{HERE}/{sender_id}", 303)


@senders.post("/<uuid:sender_id>/test")
@needs(May.ADMINISTER)
def test(sender_id: UUID) -> Response:
    try:
        with here().transaction() as tx:
            found = _one(tx, sender_id)
            words = SentWords(
                found.from_name or (my_hotels()[0].name if my_hotels() else ""),
                gettext("The sender «%(name)s» works", name=found.name),
                gettext("This came by the sender «%(name)s». Nothing was sent to a guest.", name=found.name),
                None,
            )
            language = str(get_locale()).replace("_", "-")
            try_sender(tx, here().part(Config), found, words, language, by=me(), at=here().now())
    except InputError as error:
        flash(_why_not(error), "problem")
    else:
        flash(gettext("It is on its way to you. What became of it stands below."))
    return redirect(f"{HERE}/{sender_id}#tests", 303)


@senders.post("/<uuid:sender_id>/pause")
@needs(May.ADMINISTER)
def pause(sender_id: UUID) -> Response:
    return _moved(sender_id, setting_up.pause, gettext("It is paused: its messages go another way, or wait."))


@senders.post("/<uuid:sender_id>/resume")
@needs(May.ADMINISTER)
def resume(sender_id: UUID) -> Response:
    return _moved(sender_id, setting_up.resume, gettext("It sends again."))


@senders.post("/<uuid:sender_id>/deletion")
@needs(May.ADMINISTER)
def delete(sender_id: UUID) -> Response:
    _moved(sender_id, setting_up.delete, gettext("It is deleted. Messages keep the name of who sent them."))
    return redirect(HERE, 303)


def _moved(sender_id: UUID, verb: Callable[..., None], text: str) -> Response:
    with here().transaction() as tx:
        _one(tx, sender_id)
        verb(tx, sender_id, by=me(), at=here().now())
    flash(text)
    return redirect(f"{HERE}/{sender_id}", 303)


def _channel(name: str) -> Channel:
    return Channel(name) if name in list(Channel) else abort(404)


def _one(tx: Tx, sender_id: UUID) -> HouseSender:
    found = rows.sender(tx, sender_id)
    return found if found and found.state != SenderState.DELETED else abort(404)


def _typed() -> dict[str, Any]:
    """What was typed, but for the secret."""
    return {**request.form.to_dict(), "hotels": request.form.getlist("hotels"), "secret": ""}


def _read(tx: Tx, channel: Channel, before: HouseSender | None) -> tuple[HouseSender, str]:
    known = {hotel.code for hotel in my_hotels()}
    hotels = sorted(known & set(request.form.getlist("hotels")))
    given, brands = request.form.to_dict(), queries.brands(tx)
    return row_from(given, hotels, channel, before, brands=brands, by=me().name, at=here().now())


def _form(tx: Tx, channel: Channel, found: HouseSender | None, form: dict[str, Any], problems: dict[str, str]) -> str:
    now = here().now()
    fares = health.health_of_all(tx).get(found.sender_id) if found else None
    return render_template(
        "sender.html",
        channel=channel,
        has_window=RULES[channel].window is not None,
        one=shown.Shown(found, fares, queries.sent_since(tx, shown.midnight(now)).get(found.sender_id, 0), now)
        if found
        else None,
        form=form,
        problems=problems,
        hotels=my_hotels(),
        brands=[("", gettext("No brand")), *((name, name) for name in queries.brands(tx))],
        tests=of_sender(tx, found.sender_id) if found else [],
        days=shown.days_of(found, now) if found else [],
        zone=shown.zone(),
    )


def _why_not(error: InputError) -> str:
    problem = next(iter(error.problems.values()))
    match problem.code if isinstance(problem, Problem) else "":
        case "kept_back":
            return gettext("The environment keeps this channel in the sandbox: nothing is sent, not even a test.")
        case _:
            return gettext("You have sent yourself %(most)s tests within a day; that is enough.", most=MOST_A_DAY)
