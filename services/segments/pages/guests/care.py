"""What is done for one guest, in two taps: mute, do not contact, edit."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.guests import care
from services.segments.commands.guests.dates import set_days
from services.segments.pages.guests.forms import LANGUAGES, days_of_form, profile_of
from services.segments.pages.guests.guest import living_card_of, preference_words
from services.segments.pages.guests.labels import language_name
from services.segments.queries.guests.page import stay_of
from services.segments.rules.people.tags import MOST_TAGS
from services.segments.store.guests.dates import days_seen
from services.segments.store.house_dates import house_dates
from services.segments.store.tags import known_tags
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

pages = Blueprint("segments_care", __name__, url_prefix="/segments")
Page = tuple[str, int]


@pages.post("/stays/<uuid:stay_id>/mute")
@needs(May.CARE)
def mute(stay_id: UUID) -> Response:
    with here().transaction() as tx:
        guest_id = stay_of(tx, stay_id, me().scope)
        care.mute_stay(tx, stay_id, me(), here().now())
    return _back(guest_id, gettext("Muted: nobody writes about this stay any more."))


@pages.post("/stays/<uuid:stay_id>/unmute")
@needs(May.CARE)
def unmute(stay_id: UUID) -> Response:
    with here().transaction() as tx:
        guest_id = stay_of(tx, stay_id, me().scope)
        care.unmute_stay(tx, stay_id, me(), here().now())
    return _back(guest_id, gettext("The stay counts again."))


@pages.post("/guests/<uuid:guest_id>/do-not-contact")
@needs(May.CARE)
def forbid(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        care.forbid_contact(tx, guest_id, request.form.get("reason", ""), me(), here().now())
    return _back(guest_id, gettext("Nobody writes to this guest any more. What waited is not sent."))


@pages.post("/guests/<uuid:guest_id>/do-not-contact/lift")
@needs(May.CARE)
def allow(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        care.allow_contact(tx, guest_id, me(), here().now())
    return _back(guest_id, gettext("Off the list. Consents are unchanged."))


@pages.get("/guests/<uuid:guest_id>/edit")
@needs(May.CARE)
def edit(guest_id: UUID) -> str:
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        preference = preference_words(tx, card)
        days = days_seen(tx, [guest_id], me().scope).get(guest_id, {})
    typed = {
        **{f"date:{key}": day.isoformat() for key, day in days.items()},
        "version": card.version,
        "language": card.language or "",
        "tags": ", ".join(card.tags),
        "preference": preference,
    }
    return _form(guest_id, card.name, typed, {})


@pages.post("/guests/<uuid:guest_id>")
@needs(May.CARE)
def change(guest_id: UUID) -> Response | Page:
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        try:
            version, profile = profile_of(request.form)
            days = days_of_form(request.form, house_dates(tx, me().scope))
        except InputError as error:
            return _form(guest_id, card.name, request.form.to_dict(), error.problems), 422
        changed = set_days(tx, guest_id, version, days, me(), here().now())
        care.change_profile(tx, guest_id, version + changed, profile, me(), here().now())
    return _back(guest_id, gettext("Saved."))


def _form(guest_id: UUID, name: str, typed: Mapping[str, object], problems: dict[str, str]) -> str:
    tags = sorted({*LANGUAGES, str(typed.get("language") or "en")})
    languages = sorted(((tag, language_name(tag)) for tag in tags), key=lambda pair: pair[1])
    with here().transaction() as tx:
        in_use, dates = known_tags(tx, MOST_TAGS), house_dates(tx, me().scope)
    shown = {"typed": typed, "problems": problems, "spoken": languages, "in_use": in_use, "dates": dates}
    return render_template("guest_edit.html", guest_id=guest_id, name=name, **shown)


def _back(guest_id: UUID, text: str) -> Response:
    flash(text)
    return redirect(url_for("segments_guest.guest", guest_id=guest_id), 303)
