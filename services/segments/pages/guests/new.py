"""A guest whom no source tells of: the form, and who it might be instead."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.guests.contacts import point_typed
from services.segments.commands.guests.make import NewGuest, alike, is_made, make_guest
from services.segments.config import Config
from services.segments.pages.guests.correction_forms import corrections_in, words_of
from services.segments.pages.guests.forms import LANGUAGES
from services.segments.pages.guests.labels import KEYS, country_name, language_name
from services.segments.queries.guests.page import names_of
from services.segments.rules.people.contact_points import Point
from services.segments.rules.places import country_zones
from shared.access.people import Hotel, May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.vocabulary.channel import Channel
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.site import here

pages = Blueprint("segments_new_guest", __name__, url_prefix="/segments/guests/new")


@pages.get("")
@needs(May.CARE)
def show() -> str:
    hotel = chosen_hotel()
    return _page({"key": str(uuid4()), "property": hotel.code if hotel else ""}, {})


@pages.post("")
@needs(May.CARE)
def make() -> Response | tuple[str, int]:
    typed = request.form
    try:
        new = _new_guest(typed)
    except InputError as error:
        return _page(typed, error.problems), 422
    now, domains = here().now(), here().part(Config).agency_domains
    with here().transaction() as tx:
        likely = {} if is_made(tx, new) else _seen(tx, new)
        if likely and "another" not in typed:
            return _page(typed, {}, likely), 409
        guest_id = make_guest(tx, new, me(), now, domains)
    flash(gettext("The guest is here. What they agree to is recorded under «What this guest allows»."))
    return redirect(f"/segments/guests/{guest_id}", 303)


def _seen(tx: Tx, new: NewGuest) -> dict[str, tuple[str, str]]:
    """Who it might be, as far as this person sees them: name and what speaks for it, by number. Whoever sees more
    meets the others as possible duplicates.
    """
    found = alike(tx, new)
    names = names_of(tx, list(found), me().scope)
    return {str(id): (names[str(id)], str(KEYS[key])) for id, key in found.items() if str(id) in names}


def _new_guest(typed: Mapping[str, str]) -> NewGuest:
    """Raises `InputError` by field."""
    problems: dict[str, str] = {}
    hotel = next((one for one in my_hotels() if one.code == typed.get("property")), None)
    if hotel is None:
        if typed.get("property"):
            abort(404)
        problems["property"] = gettext("Choose the hotel whose guest this is.")
    try:
        key = UUID(typed.get("key", ""))
    except ValueError as error:
        raise InputError(problems={"key": gettext("Open the page again.")}) from error
    try:
        profile = corrections_in(typed, local_date(here().now(), hotel.zone if hotel else "UTC"))
    except InputError as error:
        problems |= error.problems
    points = _points(typed, hotel, problems)
    if problems or hotel is None:
        raise InputError(problems=problems)
    return NewGuest(key, hotel.code, hotel.zone, profile, points)


def _points(typed: Mapping[str, str], hotel: Hotel | None, problems: dict[str, str]) -> tuple[Point, ...]:
    found = []
    for channel, name in ((Channel.EMAIL, "email"), (Channel.SMS, "phone")):
        if not typed.get(name, "").strip():
            continue
        countries = (typed.get("country") or None, hotel.country if hotel else None)
        try:
            found.append(point_typed(channel, typed[name], countries, here().part(Config).agency_domains))
        except InputError as error:
            problems[name] = words_of(error.problems["address"])
    return tuple(found)


def _page(
    typed: Mapping[str, str], problems: Mapping[str, str], likely: Mapping[str, tuple[str, str]] | None = None
) -> str:
    return render_template(
        "guest_new.html",
        typed=typed,
        problems=problems,
        likely=likely or {},
        choices=[(hotel.code, hotel.name) for hotel in my_hotels()],
        spoken=sorted(((tag, language_name(tag)) for tag in LANGUAGES), key=lambda pair: pair[1]),
        countries=sorted(((code, country_name(code)) for code in country_zones()), key=lambda pair: pair[1]),
    )
