"""The desk: a code is typed or scanned, looked at, and used; and a file of uses that another system kept."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.messaging.commands.offers.reading_uses import Told, UseFile
from services.messaging.commands.offers.redeeming import Answer, Line, look_at, redeem
from services.messaging.rules.offers.redeeming import CodeFound
from services.messaging.schemas import CodeUsed, read
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.errors import InputError, Problem
from shared.ids import make_id
from shared.vocabulary.currency import codes_in_use, currency_of
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.offer import CodeRefusal, RedeemedBy
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.bodies import MB, OF_A_PAGE, lying_on_disk, takes_files
from shared.web.i18n.labels import label
from shared.web.site import here

desk = Blueprint("messaging_offer_desk", __name__, url_prefix="/messaging/offers")
Page = str | Response | tuple[str, int]
LARGEST = 20 * MB
WRONG = {
    "amount": _l("A number, such as 120.50."),
    "currency": _l("A currency by its three letters, such as EUR."),
    "code": _l("Type or scan a code."),
}


@desk.get("/desk")
@needs(May.CARE)
def ask() -> str:
    """Looking changes nothing: the code stands in the address, so that a scanner's Enter is enough."""
    code, hotel = request.args.get("code", "").strip(), _hotel(request.args.get("hotel"))
    if not code or hotel is None:
        return _page(hotel)
    with here().transaction() as tx:
        found, refused = look_at(tx, code, hotel.code, _today(hotel))
    return _page(hotel, code=code, found=found, refused=refused, looked=True)


@desk.post("/desk")
@needs(May.CARE)
def use() -> Page:
    hotel = _hotel(request.form.get("hotel"))
    if hotel is None or hotel.code != request.form.get("hotel"):
        abort(403)
    try:
        typed = read(CodeUsed, {**request.form, "amount": request.form.get("amount", "").replace(",", ".")})
    except InputError as error:
        problems = {name: str(WRONG.get(name, text)) for name, text in error.problems.items()}
        return _page(hotel, code=request.form.get("code", ""), problems=problems), 422
    answer = _use(hotel, typed)
    if answer.refusal is not None:
        shown = _page(hotel, code=typed["code"], found=answer.found, refused=answer.refusal, looked=True)
        return shown, 409
    flash(gettext("Used: %(code)s. Thank the guest.", code=answer.found.shown if answer.found else typed["code"]))
    return redirect(f"/messaging/offers/desk?hotel={hotel.code}", 303)


def _use(hotel: Hotel, typed: dict[str, Any]) -> Answer:
    now = here().now()
    line = Line(
        redemption_id=make_id("redemption", "desk", me().person_id, typed["asked"]),
        code=typed["code"],
        hotel=hotel.code,
        on=_today(hotel),
        amount=typed["amount"],
        currency=typed["currency"] if typed["amount"] is not None else None,
        reservation=typed["reservation"],
    )
    with here().transaction() as tx:
        (answer,) = redeem(tx, [line], RedeemedBy.DESK, by=me().name, at=now)
        if answer.refusal is None and not answer.is_known and answer.found:
            record(tx, me(), "offer.redeemed", f"offer {answer.found.offer.key}", {"hotel": hotel.code}, now)
    return answer


def _page(
    hotel: Hotel | None,
    *,
    code: str = "",
    found: CodeFound | None = None,
    refused: CodeRefusal | None = None,
    looked: bool = False,
    problems: dict[str, str] | None = None,
) -> str:
    names = {one.code: one.name for one in my_hotels()}
    if found and found.offer.hotels.isdisjoint(names) and found.offer.hotels:
        found = None  # what other hotels offer is theirs to read
    currency = currency_of(hotel.country) if hotel else None
    return render_template(
        "offers_desk.html",
        hotels=list(names.items()),
        hotel=hotel,
        names=names,
        code=code,
        found=found,
        refused=refused,
        looked=looked,
        problems=problems or {},
        currencies=list(dict.fromkeys([*([currency] if currency else []), *codes_in_use()])),
        asked=uuid4(),
    )


@desk.get("/uses")
@needs(May.IMPORT_DATA)
def uses() -> str:
    return _uses_page()


@desk.post("/uses")
@needs(May.IMPORT_DATA)
@takes_files(LARGEST + OF_A_PAGE)
def bring_uses() -> Page:
    """In parts, each its own transaction: a file that broke off is handed in again whole, and nothing counts twice."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _uses_page(problem=gettext("Choose a file.")), 422
    now, chosen = here().now(), _hotel(request.form.get("hotel"))
    named = {name.casefold(): one.code for one in my_hotels() for name in (one.name, one.code)}
    if chosen and request.form.get("hotel"):
        named[""] = chosen.code
    try:
        with lying_on_disk(upload) as path:
            file = UseFile(path, named, now.date())
            for part in file.parts():
                with here().transaction() as tx:
                    answers = redeem(tx, part, RedeemedBy.FILE, by=me().name, at=now)
                    counted = sum(one.refusal is None and not one.is_known for one in answers)
                    record(tx, me(), "offers.uses_brought", "offers", {"used": counted, "of": len(part)}, now)
                file.told.add(answers)
    except InputError as error:
        return _uses_page(problem=_words(error)), 422
    return _uses_page(told=file.told)


def _words(error: InputError) -> str:
    problem = next((one for one in error.problems.values() if isinstance(one, Problem)), None)
    if problem is None:
        return str(error)
    if problem.code == FileProblem.NO_COLUMN:
        return gettext("A column of codes is needed, and one of days.")
    return label(FileProblem(problem.code))


def _uses_page(told: Told | None = None, problem: str = "") -> str:
    hotels = [("", gettext("As the file says"))] + [(one.code, one.name) for one in my_hotels()]
    return render_template("offers_uses.html", told=told, problem=problem, hotels=hotels, label=label)


def _hotel(code: str | None) -> Hotel | None:
    """The one that is asked for, the one this person works in, or the first of theirs."""
    mine = my_hotels()
    asked = next((one for one in mine if one.code == code), None)
    return asked or chosen_hotel() or next(iter(mine), None)


def _today(hotel: Hotel) -> date:
    return here().now().astimezone(ZoneInfo(hotel.zone)).date()
