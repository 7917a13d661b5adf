"""Which pictures are there for mails, and how does a new one come in?"""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.messaging.commands.pictures.keeping import add_picture
from services.messaging.commands.pictures.library import LONGEST_NAME
from services.messaging.pages.pictures import object_store
from services.messaging.queries.templates import pictures as queries
from services.messaging.rules.pictures import picture_url
from services.messaging.store.templates.pictures import Place
from shared.access.people import May
from shared.errors import InputError, Problem
from shared.outgoing.object_store import StoreSilent
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled_for_mail
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.site import here

library = Blueprint("messaging_pictures", __name__, url_prefix="/messaging/pictures")
Answer = Response | tuple[str, int] | tuple[Response, int]
PROBLEMS = {
    "missing": _l("Choose a picture."),
    "too_large": _l("The picture is larger than 10 MB."),
    "no_picture": _l("This is no picture that mails can show. JPEG, PNG, WebP and GIF can."),
    "too_many_pixels": _l("The picture has more than 50 million pixels."),
    "damaged": _l("The picture cannot be read to its end. Save it anew."),
    "silent": _l("The store that keeps pictures does not answer. Nothing was kept; try again."),
}


@library.get("")
@needs(May.CONFIGURE)
def index() -> str:
    return _page({})


@library.get("/choices")
@needs(May.CONFIGURE)
def choices() -> Response:
    """For the editor of a mail."""
    found, more = _found()
    return jsonify(pictures=[_told(one) for one in found], after=found[-1].key if more else None)


@library.post("")
@needs(May.CONFIGURE)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def add() -> Answer:
    """The picture is made small, and put where it is kept, before a transaction is open. Who asks for JSON, as the
    editor of a mail does, is told of it in JSON."""
    try:
        picture = _read()
        library_id = add_picture(here().database, object_store(), picture, _place(), _name(), here().now(), me())
    except InputError as error:
        problem = error.problems["picture"]
        return _refused(problem.code if isinstance(problem, Problem) else "damaged", 422)
    except StoreSilent:
        return _refused("silent", 503)
    if _wants_json():
        with here().transaction() as tx:
            found = queries.one(tx, library_id, me().scope)
        assert found is not None
        return jsonify(picture=_told(found), stands_still=picture.stands_still), 201
    if picture.stands_still:
        flash(gettext("It moves too long or is too large to move in a mail: its first frame is kept."), "problem")
    flash(gettext("The picture is in the library. Say what it shows, for who does not see it."))
    return redirect(f"/messaging/pictures/{library_id}", 303)


def _read() -> Picture:
    upload = request.files.get("picture")
    return scaled_for_mail(upload.read(LARGEST_FILE + 1) if upload else b"")


def _name() -> str:
    """As it was called where it came from, without its ending."""
    upload = request.files.get("picture")
    typed = request.form.get("name", "").strip()
    return (typed or PurePath((upload and upload.filename) or "").stem.strip() or gettext("Picture"))[:LONGEST_NAME]


def _place() -> Place:
    """What is asked for, where it is one of this person's; else that of all hotels."""
    kind, _, key = request.form.get("place", "").partition(":")
    if kind == "hotel" and key in {hotel.code for hotel in my_hotels()}:
        return Place(hotel=key)
    with here().transaction() as tx:
        known = queries.entities(tx)
    return Place(legal_entity=key) if kind == "entity" and key in known else Place()


def _refused(code: str, status: int) -> Answer:
    words = str(PROBLEMS[code])
    return (jsonify(problem=words), status) if _wants_json() else (_page({"picture": words}), status)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _told(one: queries.Shelved) -> dict[str, Any]:
    url = picture_url("", one.file)
    return {"file": one.file, "url": url, "name": one.name, "alt": one.alt, "width": one.width, "height": one.height}


def _page(problems: dict[str, str]) -> str:
    found, more = _found()
    with here().transaction() as tx:
        entities = queries.entities(tx) if me().scope.everywhere else {}
    return render_template(
        "pictures.html",
        pictures=found,
        next_url=f"/messaging/pictures?q={_words()}&after={found[-1].key}" if more else "",
        q=_words(),
        later_page="after" in request.args,
        places=_places(list(entities)),
        problems=problems,
        url=picture_url,
    )


def _places(entities: list[str]) -> list[tuple[str, str]]:
    named = [(f"entity:{name}", gettext("All hotels of %(name)s", name=name)) for name in entities]
    hotels = [(f"hotel:{hotel.code}", hotel.name) for hotel in my_hotels()]
    return [("", gettext("All hotels")), *(named if len(named) > 1 else []), *(hotels if len(hotels) > 1 else [])]


def _found() -> tuple[list[queries.Shelved], bool]:
    with here().transaction() as tx:
        found = queries.shelved(tx, scope(), _words(), _after())
    return found[: queries.PAGE], len(found) > queries.PAGE


def _words() -> str:
    return request.args.get("q", "").strip()[:LONGEST_NAME]


def _after() -> tuple[datetime, UUID] | None:
    """The key of a page's last picture, as the pager wrote it; none where it was tampered with."""
    at, _, number = request.args.get("after", "").partition("_")
    try:
        return datetime.fromisoformat(at.replace(" ", "+")), UUID(number)
    except ValueError:
        return None
