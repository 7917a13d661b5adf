"""All offers of one's hotels; a new one, and a draft changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.offers.editing import save_offer, start_offer
from services.messaging.pages.offers import labels
from services.messaging.pages.offers.forms import in_words, read_offer, tongues_of, typed_of
from services.messaging.pages.offers.labels import sees
from services.messaging.pages.templates.routes import LANGUAGES
from services.messaging.queries import offers as queries
from services.messaging.queries.templates.pictures import PAGE, Shelved, shelved
from services.messaging.rules.pictures import picture_url
from services.messaging.store.offers import offers as store
from services.messaging.store.offers.offers import Kept
from services.messaging.wording.languages import choose_language
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.currency import codes_in_use, currency_of
from shared.vocabulary.offer import OfferKind, OfferState, WorthKind
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.languages import language_name
from shared.web.site import here

offers = Blueprint("messaging_offers", __name__, url_prefix="/messaging/offers")
Answer = str | Response | tuple[str, int]


def may_change(kept: Kept) -> bool:
    """Whoever looks after some hotels changes what is of those alone."""
    mine = me().properties
    return me().may(May.CONFIGURE) and (not mine or (bool(kept.offer.hotels) and kept.offer.hotels <= mine))


def load(tx: Tx, key: str, *, to_change: bool = False) -> Kept:
    found = store.offer(tx, key)
    if found is None or not sees(found):
        abort(404)
    if to_change and not may_change(found):
        abort(403)
    return found


@offers.app_context_processor
def _context() -> dict[str, Any]:
    return {
        "offer_labels": labels,
        "OfferKind": OfferKind,
        "OfferState": OfferState,
        "WorthKind": WorthKind,
        "picture_url": picture_url,
    }


@offers.get("")
@needs(May.SEE_FIGURES)
def index() -> str:
    with here().transaction() as tx:
        found = [kept for kept in store.offers(tx) if sees(kept)]
        keys = [kept.key for kept in found]
        figures, stocks = queries.figures(tx, keys), queries.stocks(tx, queries.live_with_codes(tx), here().now())
    return render_template("offers.html", listed=found, figures=figures, stocks=stocks)


@offers.get("/choices")
@needs(May.CONFIGURE)
def choices() -> Response:
    """What other services' editors ask: which offers there are, or were."""
    with here().transaction() as tx:
        found = [kept for kept in store.offers(tx) if kept.state != OfferState.DRAFT and sees(kept)]
    told = [{"key": one.key, "name": labels.name_of(one.offer), "live": one.state == OfferState.LIVE} for one in found]
    return jsonify(offers=told)


@offers.get("/new")
@needs(May.CONFIGURE)
def new() -> str:
    tag = choose_language(LANGUAGES, labels.tongue())
    currency = next(iter(filter(None, (currency_of(one.country) for one in my_hotels()))), "EUR")
    typed = {"kind": OfferKind.UNIQUE, "worth": WorthKind.PERCENT, "currency": currency, "uses": "5"}
    return _form(None, typed, [tag], sorted(me().properties))


@offers.post("/new")
@needs(May.CONFIGURE)
def start() -> Answer:
    tongues, hotels = _tongues(), _hotels()
    if "add" in request.form or "drop" in request.form:
        return _form(None, request.form.to_dict(), tongues, hotels)
    try:
        typed = read_offer(request.form, tongues, hotels, me().properties)
        with here().transaction() as tx:
            key = start_offer(tx, typed.kind, typed.document, by=me(), at=here().now())
    except InputError as error:
        return _form(None, request.form.to_dict(), tongues, hotels, _at_names(in_words(error), tongues)), 422
    flash(gettext("The draft is saved. Look at it, add codes, and make it live."))
    return redirect(f"/messaging/offers/{key}", 303)


@offers.get("/<offer_key>/edit")
@needs(May.CONFIGURE)
def edit(offer_key: str) -> Answer:
    with here().transaction() as tx:
        found = load(tx, offer_key, to_change=True)
    if found.state != OfferState.DRAFT:
        return redirect(f"/messaging/offers/{offer_key}", 303)
    return _form(found, typed_of(found.kind, found.document), tongues_of(found.document), sorted(found.offer.hotels))


@offers.post("/<offer_key>/edit")
@needs(May.CONFIGURE)
def save(offer_key: str) -> Answer:
    tongues, hotels = _tongues(), _hotels()
    with here().transaction() as tx:
        found = load(tx, offer_key, to_change=True)
        if "add" in request.form or "drop" in request.form:
            return _form(found, request.form.to_dict(), tongues, hotels)
        try:
            typed = read_offer(request.form, tongues, hotels, me().properties)
            if request.form.get("version") != str(found.version):
                raise Conflict()
            save_offer(tx, found, typed.kind, typed.document, by=me(), at=here().now())
        except InputError as error:
            return _form(found, request.form.to_dict(), tongues, hotels, in_words(error)), 422
        except Conflict:
            changed = gettext("Somebody else changed this offer meanwhile. What you typed still stands here.")
            return _form(found, request.form.to_dict(), tongues, hotels, {"form": changed}), 409
    return redirect(f"/messaging/offers/{offer_key}", 303)


def _tongues() -> list[str]:
    """The languages of the form, with the one that is added and without the one that is dropped."""
    known = [tag for tag in request.form.getlist("tongues") if tag in LANGUAGES]
    if request.form.get("add") and request.form.get("another") in LANGUAGES:
        known.append(request.form["another"])
    kept = [tag for tag in dict.fromkeys(known) if tag != request.form.get("drop")]
    return kept or known[:1] or ["en"]


def _hotels() -> list[str]:
    chosen = request.form.getlist("hotels")
    if not all(me().sees(code) for code in chosen):
        abort(403)
    return chosen


def _at_names(problems: dict[str, str], tongues: list[str]) -> dict[str, str]:
    """What is wrong with the name stands at its first language."""
    return {f"name-{tongues[0]}" if name == "name" else name: text for name, text in problems.items()}


def _form(
    found: Kept | None,
    typed: dict[str, str],
    tongues: list[str],
    hotels: list[str],
    problems: dict[str, str] | None = None,
) -> str:
    own = [currency_of(one.country) for one in my_hotels()]
    return render_template(
        "offer_edit.html",
        kept=found,
        typed=typed,
        tongues=tongues,
        chosen=hotels,
        others=[(tag, language_name(tag)) for tag in LANGUAGES if tag not in tongues],
        currencies=list(dict.fromkeys([one for one in own if one] + list(codes_in_use()))),
        problems=problems or {},
        mine=my_hotels(),
        logos=_logos(typed.get("logo", "")),
    )


def _logos(chosen: str) -> list[Shelved]:
    """The newest of the library, each once, and the one that is chosen."""
    with here().transaction() as tx:
        found = [*(shelved(tx, me().scope, file=chosen) if chosen else ()), *shelved(tx, me().scope)[:PAGE]]
    return list({one.file: one for one in found}.values())
