"""Keys of programs, on the team's page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template
from flask import redirect as to
from werkzeug.wrappers import Response

from services.console.commands.api_keys import Wanted, end_key, make_key
from services.console.pages.forms import problems_of, sent
from services.console.pages.team.people import team_page
from services.console.schemas import NewKeyForm, read
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

API_KEYS = Blueprint("console_api_keys", __name__, url_prefix="/people/keys")


@API_KEYS.get("")
@needs(May.ADMINISTER)
def shown_once() -> Response:
    return to("/people#keys")


@API_KEYS.post("")
@needs(May.ADMINISTER)
def make() -> tuple[str, int]:
    form = sent("properties", "grants")
    try:
        wanted = read(NewKeyForm, form)
        lasts = timedelta(days=wanted["lasts"]) if wanted["lasts"] else None
        asked = Wanted(wanted["name"], wanted["properties"], wanted["grants"], lasts)
        with here().transaction() as tx:
            key = make_key(tx, asked, me().name, here().now())
    except InputError as error:
        return team_page(form, problems_of(error)), 422
    return render_template("given_key.html", key=key, name=wanted["name"]), 201


@API_KEYS.post("/<uuid:key_id>/ending")
@needs(May.ADMINISTER)
def end(key_id: UUID) -> Response:
    with here().transaction() as tx:
        end_key(tx, key_id, me().name, here().now())
    return to("/people#keys", 303)
