"""Stop sending in one tap, and let it go on in another."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.messaging.commands.stops import lift_stop, stop_sending
from services.messaging.pages.template_context import concerns_me, country_name
from services.messaging.schemas import StopAsked, read
from services.messaging.store import stops as store
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.labels import labels
from shared.web.site import here

stops = Blueprint("messaging_stops", __name__, url_prefix="/messaging/stops")


@stops.get("")
@needs(May.STOP_SENDING)
def index() -> str:
    return page({}, {})


def page(typed: dict[str, str], problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        standing, lifted, countries = store.standing(tx), store.lifted(tx), store.countries(tx)
    return render_template(
        "stops.html",
        standing=[stop for stop in standing if concerns_me(stop)],
        lifted=[stop for stop in lifted if concerns_me(stop)],
        may_lift=_may,
        choices=_choices(list(countries)),
        typed=typed,
        problems=problems,
    )


def _may(kind: str, key: str) -> bool:
    """Whoever looks after some hotels stops those; what reaches beyond them is for those who see all."""
    return not me().properties or (kind == "property" and me().sees(key))


def _choices(countries: list[str]) -> list[tuple[str, str]]:
    hotels = [(f"property:{hotel.code}", hotel.name) for hotel in my_hotels()]
    if me().properties:
        return hotels
    named = sorted(((f"country:{code}", country_name(code)) for code in countries), key=lambda pair: pair[1])
    return [
        ("all:", gettext("Everything")),
        *hotels,
        *((f"channel:{key}", gettext("By %(channel)s", channel=name)) for key, name in labels(Channel).items()),
        *((key, gettext("Guests in %(country)s", country=name)) for key, name in named),
    ]


@stops.post("")
@needs(May.STOP_SENDING)
def stop() -> Response | tuple[str, int]:
    try:
        asked = read(StopAsked, request.form)
    except InputError as error:
        return page(request.form.to_dict(), error.problems), 422
    kind, _, key = asked["what"].partition(":")
    if not _may(kind, key):
        abort(403)
    with here().transaction() as tx:
        done = stop_sending(tx, kind, key, asked["reason"], by=me(), at=here().now())
    flash(gettext("Stopped, from the next message on.") if done else gettext("This is stopped already."))
    return redirect("/messaging/stops", 303)


@stops.post("/<uuid:stop_id>/lift")
@needs(May.STOP_SENDING)
def lift(stop_id: UUID) -> Response:
    with here().transaction() as tx:
        found = store.stop_named(tx, stop_id)
        if found is None or not concerns_me(found):
            abort(404)
        if not _may(found.kind, found.key):
            abort(403)
        waiting = lift_stop(tx, stop_id, by=me(), at=here().now())
    flash(
        ngettext(
            "Lifted. %(num)s waiting message is being checked now.",
            "Lifted. %(num)s waiting messages are being checked now.",
            waiting,
        )
    )
    return redirect("/messaging/stops", 303)
