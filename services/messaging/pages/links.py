"""Where clicks on links are counted and links are marked: for each hotel, and for countries."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.links import choose_for
from services.messaging.pages.template_context import country_name
from services.messaging.rules.links.tracking import COUNTRY, HOTEL
from services.messaging.schemas import LinkChoiceAsked, read
from services.messaging.store.links import chosen
from services.messaging.store.stops import countries
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

link_choices = Blueprint("messaging_link_choices", __name__, url_prefix="/messaging/links")


@link_choices.get("")
@needs(May.CONFIGURE)
def index() -> str:
    with here().transaction() as tx:
        made, known = {(one.kind, one.key): one for one in chosen(tx)}, countries(tx)
    codes = sorted({*known, *(key for kind, key in made if kind == COUNTRY)}, key=country_name)
    return render_template(
        "links.html",
        hotels_=[(hotel, made.get((HOTEL, hotel.code))) for hotel in my_hotels()],
        off=[made[COUNTRY, code] for code in codes if (COUNTRY, code) in made and not made[COUNTRY, code].clicks],
        on=[(code, country_name(code)) for code in codes if not (one := made.get((COUNTRY, code))) or one.clicks],
        country_name=country_name,
    )


@link_choices.post("/choices")
@needs(May.CONFIGURE)
def choose() -> Response:
    try:
        asked = read(LinkChoiceAsked, request.form)
    except InputError:
        abort(422)
    if asked["kind"] == HOTEL and not any(hotel.code == asked["key"] for hotel in my_hotels()):
        abort(404)
    with here().transaction() as tx:
        choose_for(tx, **asked, by=me(), at=here().now())
    flash(gettext("Saved. It holds from the next message on, and for clicks from now on."))
    return redirect("/messaging/links", 303)
