"""Enter what a guest answered on paper or by word: the one answer of a stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.commands.answer_by_hand import HandAnswer, NoStay, answer_by_hand
from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.staff.hotels import zone_of
from services.feedback.queries import guests
from services.feedback.rules.cases import HIGHEST, LOWEST
from services.feedback.schemas import HandAnswerForm, read
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.localtime import day_at, local_instant
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.formatting import day
from shared.web.navigation import address
from shared.web.site import here

BY_HAND = Blueprint("feedback_by_hand", __name__, url_prefix="/feedback/answers/by-hand")
NOON = time(12)
BEFORE, CLOSED = "before", "closed"
WRONG = {
    "choose": _l("Choose a number from 0 to 10."),
    "too_long": _l("Make it shorter than 4,000 characters."),
    "day": _l("Give the day on which the guest said it, not later than today."),
    "stay": _l("Choose the stay."),
    BEFORE: _l("This stay has its answer already."),
    CLOSED: _l("This stay is too long ago: answers are taken for 90 days."),
}


class NoGuest(NotFound):
    """There is no such guest here."""


@BY_HAND.get("")
@needs(May.CARE)
def ask() -> str:
    with here().transaction() as tx:
        guest = _guest(tx, request.args.get("guest", ""))
        return _page(tx, guest, {}, {})


@BY_HAND.post("")
@needs(May.CARE)
def enter() -> Response:
    values, problems = read(HandAnswerForm(), request.form)
    now = here().now()
    with here().transaction() as tx:
        guest = _guest(tx, request.form.get("guest", ""))
        stay = next((one for one in _stays(tx, guest) if one.stay_id == values.get("stay")), None)
        hotel = next((one for one in my_hotels() if stay and one.code == stay.property), None)
        if not problems and (stay is None or hotel is None):
            problems = {"stay": "stay"}
        elif not problems and hotel and values["day"] > day_at(now, hotel.zone):
            problems = {"day": "day"}
        if not problems and hotel:
            problems = _entered(tx, values, hotel, now)
        if problems:
            return form_with_problems(_page(tx, guest, request.form, problems))
    flash(gettext("The answer is kept."))
    return redirect(address("guest", guest.guest_id), 303)


def _entered(tx: Tx, values: Mapping[str, Any], hotel: Hotel, now: datetime) -> dict[str, str]:
    """What stands against it, by field."""
    said_at = min(now, local_instant(values["day"], NOON, hotel.zone))
    given = HandAnswer(values["stay"], values["score"], values["comment"] or None, said_at, me().name)
    try:
        with tx.savepoint():
            answer_id = answer_by_hand(tx, given, now)
    except AnsweredBefore:
        return {"stay": BEFORE}
    except SurveyClosed:
        return {"stay": CLOSED}
    except NoStay:
        return {"stay": "stay"}
    record(tx, me(), "answer.entered", f"answer {answer_id}", {"score": given.score, "hotel": hotel.code}, now)
    return {}


def _page(tx: Tx, guest: guests.GuestLine, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    stays, now = _stays(tx, guest), here().now()
    return render_template(
        "by_hand.html",
        guest=guest,
        stays=[(str(one.stay_id), f"{one.hotel}, {day(one.arrival)} – {day(one.departure)}") for one in stays],
        typed=typed,
        scores=[("", "–"), *((str(score), str(score)) for score in range(LOWEST, HIGHEST + 1))],
        problems={name: WRONG.get(code, code) for name, code in problems.items()},
        today=day_at(now, zone_of(stays[0].property) if stays else None),
    )


def _stays(tx: Tx, guest: guests.GuestLine) -> Sequence[guests.StayLine]:
    """Those that have begun, by the days of their hotels."""
    now = here().now()
    stays = guests.stays(tx, guest.guest_id, me().scope)
    return [one for one in stays if one.arrival <= day_at(now, zone_of(one.property))]


def _guest(tx: Tx, text: str) -> guests.GuestLine:
    """A guest of this person's hotels. Raises `NoGuest`."""
    try:
        found = guests.guest(tx, UUID(text), me().scope)
    except ValueError:
        found = None
    if found is None:
        raise NoGuest()
    return found
