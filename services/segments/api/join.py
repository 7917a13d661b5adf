"""Where guests sign up: GET shows, POST keeps; no sign-in, no cookie, no script.

What is sent is only kept here and taken over a moment later (`commands.sign_ups.take`), so that neither the answer nor
its time tells whether an address is known. How much may be sent is counted here, in rows: an installation on one
machine has no gateway before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from services.segments.commands.sign_ups.take import busy_for, keep_sign_up, place_of
from services.segments.queries.sign_ups import House, house_of
from services.segments.rules.sign_up_form import TRAP, Filled, filled_in
from services.segments.rules.sign_ups import OLD_ENOUGH
from services.segments.shipped.sign_up import sign_up_texts
from services.segments.store.sign_ups import Form, SignUp, form_of
from shared.database.pool import Tx
from shared.ids import make_id
from shared.localtime import local_date
from shared.naming import plain_name
from shared.vocabulary.channel import ContactKind
from shared.vocabulary.sign_up import FormState, SignUpState
from shared.web.access_control import open_to_all
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language, nearest
from shared.web.networks import shortened
from shared.web.site import here

join = Blueprint("segments_join", __name__, url_prefix="/join")
PAGE = "join"


@join.get("/<code>")
@open_to_all
def show(code: str) -> Response:
    with here().transaction() as tx:
        form = _published(tx, code)
        return _page(tx, form, {"key": str(uuid4())}) if form else _closed()


@join.post("/<code>")
@open_to_all
def sign_up(code: str) -> Response:
    values = {name: plain_name(text) for name, text in request.form.items()}
    now = here().now()
    with here().transaction() as tx:
        form = _published(tx, code)
        if form is None:
            return _closed()
        zone, country = place_of(tx, form.property)
        filled = filled_in(values, form.wording.boxes, country, local_date(now, zone))
        spoken = _language(form)
        if filled.problems or not _is_key(values.get("key", "")):
            return _page(tx, form, values, filled.problems or {"key": "again"}, 422)
        if seconds := busy_for(tx, form.code, shortened(request.remote_addr), now):
            answer = _page(tx, form, values, {"key": "busy"}, 429)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        if not values.get(TRAP):
            keep_sign_up(tx, _sign_up(form, filled, spoken, values["key"]))
    return redirect(f"/join/{code}/thanks?in={spoken}", 303)


@join.get("/<code>/thanks")
@open_to_all
def thanks(code: str) -> Response:
    with here().transaction() as tx:
        form = form_of(tx, code)
        return _page(tx, form, {}, kind="done") if form and form.state != FormState.DRAFT else _closed()


def _sign_up(form: Form, filled: Filled, spoken: str, key: str) -> SignUp:
    """The same form with the same content is one sign-up, however often it is sent."""
    typed = filled.typed
    said = (typed.given_name, typed.family_name, typed.birth_date or "", typed.email, typed.phone, *filled.boxes)
    return SignUp(
        id=make_id("sign-up", form.code, key, *map(str, said)),
        form=form.code,
        form_version=form.version,
        property=form.property,
        page=PAGE,
        language=spoken,
        boxes=filled.boxes,
        typed=typed,
        network=shortened(request.remote_addr),
        said_at=here().now(),
        state=SignUpState.WAITING,
        guest_id=None,
        differs=(),
    )


def _published(tx: Tx, code: str) -> Form | None:
    form = form_of(tx, code)
    return form if form and form.state is FormState.PUBLISHED else None


def _language(form: Form) -> str:
    """One of the form's: chosen by the switch, else the browser's, else the form's first."""
    wishes = [nearest(request.args.get("in")), *(nearest(tag) for tag, _ in request.accept_languages)]
    return next((wish for wish in wishes if wish and wish in form.wording.texts), next(iter(form.wording.texts)))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _page(
    tx: Tx,
    form: Form,
    values: Mapping[str, Any],
    problems: Mapping[str, str] | None = None,
    status: int = 200,
    kind: str = "ask",
) -> Response:
    spoken = _language(form)
    offered = {tag: name for tag, name in GUEST_LANGUAGES.items() if tag in form.wording.texts}
    house = house_of(tx, form).called(spoken)
    return make_response(
        _render(spoken, offered, house, kind, form=form, values=values, problems=problems or {}), status
    )


def _closed() -> Response:
    """For a code that nobody gave out, and for a page that is not or no longer published."""
    return make_response(_render(guest_language(), GUEST_LANGUAGES, None, "closed"), 404)


def _render(spoken: str, offered: Mapping[str, str], house: House | None, kind: str, **more: Any) -> str:
    texts, form = sign_up_texts()[spoken], more.get("form")
    return render_template(
        "guest_join.html",
        guest_language=spoken,
        guest_languages=offered,
        switch=texts["switch"],
        house=house,
        texts=texts,
        own=form.wording.texts[spoken] if form else {},
        kind=kind,
        phone_counts=form is not None and any(box.channel.contact is ContactKind.NUMBER for box in form.wording.boxes),
        trap=TRAP,
        old_enough=OLD_ENOUGH,
        **more,
    )
