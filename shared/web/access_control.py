"""Access control: each view declares by a decorator who may call it, and one without lets nobody in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from flask import Request, abort, current_app, g, redirect, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.access import session_cookie
from shared.access.key_use import note_use
from shared.access.people import Hotel, May, Person, hotels, person, program
from shared.access.scope import Scope
from shared.access.session_cookie import SessionCookie
from shared.access.sessions import is_ended
from shared.database.pool import Tx
from shared.errors import NotGranted
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from shared.web.site import here

View = TypeVar("View", bound=Callable[..., Any])
READING = ("GET", "HEAD")
NOBODY, EVERYBODY, SIGNED_IN = "nobody", "everybody", "signed in"


def open_to_all(view: View) -> View:
    """Guests come here, and programs that prove themselves otherwise. Sets no cookie."""
    view.__dict__["door"] = EVERYBODY
    return view


def signed_in(view: View) -> View:
    view.__dict__["door"] = SIGNED_IN
    return view


def takes_anything(view: View) -> View:
    """What comes here is a guest's word by way of a provider: it is read as well as it can be and never refused."""
    view.__dict__["takes_anything"] = True
    return view


def needs(what: May) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__dict__["door"] = what
        return view

    return mark


def grants(what: Grant) -> Callable[[View], View]:
    """For programs: what their key has to grant."""

    def mark(view: View) -> View:
        view.__dict__["door"] = what
        return view

    return mark


def door_of(endpoint: str) -> str | May | Grant:
    view = current_app.view_functions[endpoint]
    seen = getattr(view, "view_class", view)
    found: str | May | Grant = getattr(seen, "door", NOBODY)
    return found


def admit() -> Response | None:
    """Before each request: who is it, and may they?"""
    if request.endpoint is None or request.endpoint.endswith("static"):
        return None
    door = door_of(request.endpoint)
    if door == EVERYBODY:
        return None
    who = _who(request)
    if who is None:
        if is_for_programs():
            abort(401)
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(f"/sign-in?next={quote(wanted)}")
    g.person = who
    if door == NOBODY or (isinstance(door, May) and not _may_pass(who, door)):
        abort(403)
    if isinstance(door, Grant) and door not in who.grants:
        raise NotGranted(door)
    return None


LONGEST_NUMBER = 50
"""Digits in a row that a person may mean; Python itself refuses some thousands."""


def refuse_nonsense() -> None:
    """Before each view: what no page, form or database can mean is refused once for all."""
    if request.endpoint and hasattr(current_app.view_functions[request.endpoint], "takes_anything"):
        return
    uploads = [upload.filename or "" for upload in request.files.values()]
    typed = [text for values in (request.args, request.form) for text in (*values.keys(), *_all_values(values))]
    for text in (*typed, *uploads, *map(str, (request.view_args or {}).values())):
        if "\x00" in text or (len(text) > LONGEST_NUMBER and text.strip().lstrip("+-").isdecimal()):
            abort(400)


def _all_values(values: MultiDict[str, str]) -> Iterator[str]:
    for texts in values.listvalues():
        yield from texts


def _may_pass(who: Person, door: May) -> bool:
    """What belongs to all hotels alike is for those who see all: journeys, segments and templates may be read by all
    who write them, queues, dead letters, people and keys are open to nobody else.
    """
    for_all = door in (May.OPERATE, May.ADMINISTER) or (door is May.CONFIGURE and request.method not in READING)
    return who.may(door) and (who.scope.everywhere or not for_all)


def _who(asked: Request) -> Person | None:
    if asked.path.startswith("/api/"):
        return _whose_key(asked)  # no form's token is asked for here, so a cookie counts for nothing
    if asked.authorization is not None:
        return None  # pages are for people: a key opens no draft of an import with the guests in it
    with here().transaction() as tx:
        g.hotels = hotels(tx)
        found = whose_session(tx)
    if found:
        g.session_noted = session_cookie.note_use(session, my_session(), here().now())
    return found


def _whose_key(asked: Request) -> Person | None:
    given = asked.authorization
    if given is None or given.type != "bearer":
        return None
    key_id, _, secret = (given.token or "").removeprefix("glk_").partition("_")
    if (number := _uuid(key_id)) is None:
        return None
    with here().transaction() as tx:
        found = program(tx, number, secret, here().now())
    if found is not None:
        with here().transaction() as tx:
            note_use(tx, number, here().parts.get(WebConfig, WebConfig()).api_a_minute, here().now())
    return found


def whose_session(tx: Tx) -> Person | None:
    """Whose the session of the request's cookie is; None where there is none, or it is over."""
    cookie = session_cookie.read(session)
    if cookie is None or cookie.is_over(here().now(), here().parts.get(WebConfig, WebConfig()).session_idle):
        return None
    if is_ended(tx, cookie.session_id):
        return None
    found = person(tx, cookie.person_id)
    # a greater count than is known here: the event is still on its way
    return found if found and cookie.sessions_ended >= found.sessions_ended else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def is_for_programs() -> bool:
    return request.path.startswith("/api/") or request.authorization is not None


def me() -> Person:
    """Who is signed in."""
    found: Person = g.person
    return found


def my_session() -> SessionCookie:
    """The session of who is signed in."""
    found = session_cookie.read(session)
    assert found is not None
    return found


def my_hotels() -> list[Hotel]:
    """The hotels this person may see."""
    return [hotel for hotel in g.get("hotels", []) if me().sees(hotel.code)]


def scope() -> Scope:
    """The hotels the page is about: the one chosen, else those this person may see."""
    chosen = chosen_hotel()
    return Scope(frozenset({chosen.code})) if chosen else me().scope


def hotels_in_scope() -> list[Hotel]:
    """The same, each with its name and its zone."""
    looked_at = scope()
    return [hotel for hotel in my_hotels() if hotel.code in looked_at]


def chosen_hotel() -> Hotel | None:
    """The hotel of the switch in the corner. A choice made in the address counts and is kept."""
    code = request.args.get("hotel", session.get("hotel"))
    return next((hotel for hotel in my_hotels() if hotel.code == code), None)


def keep_choice(response: Response) -> Response:
    """After a request whose address chose a hotel: the choice is kept."""
    if "hotel" in request.args and "person" in g:
        session["hotel"] = chosen.code if (chosen := chosen_hotel()) else ""
    return response
