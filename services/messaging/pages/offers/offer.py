"""One offer: what it is, how it does, its codes, and who used it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.offers.adding import CodeFile, order_file, order_made, read_code_file
from services.messaging.commands.offers.editing import go_live, stop_offer
from services.messaging.pages.offers.forms import in_words
from services.messaging.pages.offers.lists import load, may_change
from services.messaging.queries import offers as queries
from services.messaging.queries.names import whole_name
from services.messaging.queries.offers import UseLine
from services.messaging.rules.offers.pace import Stock
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.bodies import MB, OF_A_PAGE, takes_files
from shared.web.site import here

offer = Blueprint("messaging_offer", __name__, url_prefix="/messaging/offers/<offer_key>")
Answer = str | Response | tuple[str, int]
LARGEST = 30 * MB
SHOWN, HIDDEN = 4, "…"


@offer.get("")
@needs(May.SEE_FIGURES)
def show(offer_key: str) -> str:
    with here().transaction() as tx:
        return _page(tx, offer_key)


@offer.get("/codes")
@needs(May.SEE_FIGURES)
def progress(offer_key: str) -> str | Response:
    """How far what was ordered has come; the page asks again while something is open, and is drawn anew after that."""
    with here().transaction() as tx:
        kept, ordered = load(tx, offer_key), queries.batches(tx, offer_key)
        figures = queries.figures(tx, [offer_key])[offer_key]
    if not is_fragment():
        return render_template("offer_codes.html", kept=kept, batches=ordered, figures=figures)
    response = make_response(render_template("_offer_batches.html", kept=kept, batches=ordered))
    if all(one.ended_at for one in ordered):
        response.headers["HX-Refresh"] = "true"
    return response


@offer.post("/live")
@needs(May.CONFIGURE)
def launch(offer_key: str) -> Answer:
    return _done(offer_key, lambda tx: go_live(tx, offer_key, by=me(), at=here().now()), gettext("The offer is live."))


@offer.post("/stop")
@needs(May.CONFIGURE)
def stop(offer_key: str) -> Answer:
    said = gettext("Stopped. Codes that guests have are honoured until the offer's last day.")
    return _done(offer_key, lambda tx: stop_offer(tx, offer_key, by=me(), at=here().now()), said)


@offer.post("/codes/made")
@needs(May.CONFIGURE)
def make(offer_key: str) -> Answer:
    count = request.form.get("count", "").replace(",", "").replace(" ", "")
    asked, at = request.form.get("asked", str(uuid4())), here().now()

    def order(tx: Tx) -> None:
        found = load(tx, offer_key, to_change=True)
        order_made(tx, found, int(count) if count.isdecimal() else 0, asked, by=me(), at=at)

    return _done(offer_key, order, gettext("The codes are being made."))


@offer.post("/codes/file")
@needs(May.CONFIGURE)
@takes_files(LARGEST + OF_A_PAGE)
def bring(offer_key: str) -> Answer:
    upload = request.files.get("file")
    file = read_code_file(upload.stream) if upload else CodeFile()
    asked, at = request.form.get("asked", str(uuid4())), here().now()

    def order(tx: Tx) -> None:
        name = (upload.filename or "") if upload else ""
        order_file(tx, load(tx, offer_key, to_change=True), file, name, asked, by=me(), at=at)

    if file.wrong:
        lines = gettext(", ").join(str(number) for number, _ in file.refused)
        told = gettext("%(count)s lines hold no code and are left out: %(lines)s", count=file.wrong, lines=lines)
        flash(told, "problem")
    return _done(offer_key, order, gettext("The codes of the file are being added."))


def _done(key: str, act: Callable[[Tx], None], said: str) -> Answer:
    try:
        with here().transaction() as tx:
            load(tx, key, to_change=True)
            act(tx)
    except InputError as error:
        with here().transaction() as tx:
            return _page(tx, key, in_words(error)), 422
    except Conflict:
        flash(gettext("The offer is no longer as this page showed it."), "problem")
        return redirect(f"/messaging/offers/{key}", 303)
    flash(said)
    return redirect(f"/messaging/offers/{key}", 303)


def _page(tx: Tx, key: str, problems: dict[str, str] | None = None) -> str:
    kept, figures = load(tx, key), queries.figures(tx, [key])[key]
    lately = queries.stocks(tx, [key], here().now())[key].lately
    return render_template(
        "offer.html",
        kept=kept,
        offer=kept.offer,
        figures=figures,
        stock=Stock(figures.left, lately),
        batches=queries.batches(tx, key),
        uses=[_shown(line) for line in queries.uses(tx, key, me().scope)],
        templates=queries.templates_of(tx, key),
        may_change=may_change(kept),
        asked=uuid4(),
        problems=problems or {},
    )


def _shown(line: UseLine) -> dict[str, Any]:
    """Whoever may not see what belongs to guests in full sees the beginning of a code."""
    code = line.shown if me().may(May.SEE_CONTACTS) else line.shown[:SHOWN] + HIDDEN
    name = whole_name(*line.guest) if line.guest and me().may(May.SEE_GUESTS) else None
    return {"line": line, "code": code, "name": name}
