"""Where a request reads: a page that only shows may read from the service's replica, everything else never does.

Decided once a request, after it is known who asks. From a replica reads what is a GET of a page of `SHOWING` that is
not `at_primary`. Sessions and rights are asked before that, at the primary, at every request; so are forms, what
programs ask with keys, the pages of guests and of signing in, which are open to all, one's own account, and the pages
of who administers and operates: people, keys, queues, going live, erasing.

**Who saved something sees it.** After a form the browser keeps where the log then was, in a cookie a service; the
service's pages read from a replica only once it has replayed that. Whichever process answers it is the same, and where
a page of another service asks for this reader: those pass the reader's cookies on.

**What cannot be read to its end is read again.** A page that writes after all, a conflict with recovery, a lost
connection: the view runs again, from then on at the primary. It has changed nothing until then: what it noted of the
read is noted again, as of any page that is loaded twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
from flask import Flask, current_app, g, request
from psycopg_pool import PoolTimeout
from werkzeug.wrappers import Response

from shared.access.people import May
from shared.database.pool import Tx
from shared.database.replica import ReplicaFailed
from shared.web.access_control import READING, door_of, is_for_programs
from shared.web.site import here

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")
SHOWING = frozenset({May.SEE_GUESTS, May.SEE_CONTACTS, May.SEE_FIGURES, May.CARE, May.CLOSE_CASES, May.CONFIGURE})
KEPT = timedelta(minutes=10)
"""A replica that is further behind is left out long before; and a restored database, whose log begins earlier, is read
from a replica again after that time."""
NEVER_REACHED = 2**62
"""What is kept where the primary could not say how far its log is."""


def at_primary(view: View) -> View:
    """Of a page that writes as it is read, or on which somebody decides by what is true this second."""
    view.__dict__["at_primary"] = True
    return view


def choose() -> None:
    """Before each view: whether it may read from a replica, and which position that must have replayed."""
    if here().database.replica is None or "person" not in g or request.method not in READING or is_for_programs():
        return
    if may_read_from_a_replica(request.endpoint or ""):
        g.reads_after = kept_position()


def may_read_from_a_replica(endpoint: str) -> bool:
    view = current_app.view_functions[endpoint]
    return door_of(endpoint) in SHOWING and not hasattr(getattr(view, "view_class", view), "at_primary")


def read_again(work: Callable[[], T]) -> T:
    """What `work` reads; done again, and all after it, at the primary where a replica failed it."""
    try:
        return work()
    except ReplicaFailed:
        g.pop("reads_after", None)
        return work()


class ReadingAgain(Flask):
    """An app whose views run again at the primary where a replica failed them."""

    def dispatch_request(self) -> Any:
        return read_again(super().dispatch_request)


@contextmanager
def long_reading() -> Iterator[Tx]:
    """For a table that is written as it is read, also after a form that asks for it."""
    with here().database.reading(kept_position(), is_long=True) as tx:
        yield tx


def keep_position(response: Response) -> Response:
    """After each request: whoever may have changed something reads nothing older from now on."""
    database = here().database
    if database.replica is None or "person" not in g or "reads_after" in g or is_for_programs():
        return response
    try:
        position = database.position()
    except (psycopg.Error, PoolTimeout):
        position = NEVER_REACHED
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(_cookie(), str(position), max_age=KEPT, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    prefix = "__Host-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
    return f"{prefix}guestloop_read_after_{here().service}"


def kept_position() -> int:
    text = request.cookies.get(_cookie(), "")
    return min(int(text), NEVER_REACHED) if text.isdecimal() and len(text) < 20 else 0
