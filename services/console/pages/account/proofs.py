"""How long ago somebody proved who they are: whoever finds an open session cannot change how its owner signs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import redirect, request, session

from shared.web.access_control import READING
from shared.web.site import here

LASTS = timedelta(minutes=15)

View = TypeVar("View", bound=Callable[..., Any])


def note(at: datetime) -> None:
    session["proved"] = int(at.timestamp())


def is_fresh() -> bool:
    return here().now().timestamp() < session.get("proved", 0) + LASTS.total_seconds()


def freshly_proved(view: View) -> View:
    """Asks for the password first where the sign-in was some time ago."""

    @wraps(view)
    def guarded(*given: Any, **named: Any) -> Any:
        if is_fresh():
            return view(*given, **named)
        wanted = request.path if request.method in READING else "/account/second-factor"
        return redirect(f"/account/confirmation?next={quote(wanted)}", 303)

    return cast(View, guarded)
