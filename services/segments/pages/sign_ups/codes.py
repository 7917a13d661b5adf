"""The code that leads to a sign-up page, as a picture and as a sheet to print: made here, nothing is fetched."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.segments.queries.sign_ups import house_of
from services.segments.shipped.sign_up import sign_up_texts
from services.segments.store.sign_ups import Form, form_of
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me, needs
from shared.web.config import WebConfig
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.site import here

codes = Blueprint("segments_sign_up_codes", __name__, url_prefix="/segments/sign-ups/<form>")
PNG_SCALE = 20  # dots a module: sharp on a poster
QUIET_ZONE = 4  # modules, as the standard asks


def address_of(code: str, language: str | None = None) -> str:
    """What the code says: the public page, in a language where one is asked for."""
    query = f"?{urlencode({'in': language})}" if language else ""
    return f"{here().part(WebConfig).origin}/join/{code}{query}"


@codes.get("/qr.svg")
@needs(May.CONFIGURE)
def svg(form: str) -> Response:
    return _picture(form, "svg", "image/svg+xml")


@codes.get("/qr.png")
@needs(May.CONFIGURE)
def png(form: str) -> Response:
    return _picture(form, "png", "image/png")


@codes.get("/sheet")
@needs(May.CONFIGURE)
def sheet(form: str) -> str:
    with here().transaction() as tx:
        found = _load(tx, form)
        house = house_of(tx, found)
    spoken = _language(found) or next(iter(found.wording.texts))
    link = address_of(form, spoken)
    offered = {tag: name for tag, name in GUEST_LANGUAGES.items() if tag in found.wording.texts}
    return render_template(
        "sign_up_sheet.html",
        form=found,
        house=house.called(spoken),
        own=found.wording.texts[spoken],
        texts=sign_up_texts()[spoken],
        spoken=spoken,
        languages=offered,
        link=link,
        picture=Markup(_make(link).svg_inline(omitsize=True, border=QUIET_ZONE, dark="#000", light="#fff")),
    )


def _picture(code: str, kind: str, content_type: str) -> Response:
    with here().transaction() as tx:
        spoken = _language(_load(tx, code))
    out = BytesIO()
    _make(address_of(code, spoken)).save(out, kind=kind, scale=PNG_SCALE, border=QUIET_ZONE)
    response = make_response(out.getvalue())
    response.headers["Content-Type"] = content_type
    name = "-".join(filter(None, ("sign-up", code, spoken)))
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    return response


def _make(link: str) -> Any:
    import segno

    return segno.make(link, error="m", micro=False)


def _language(form: Form) -> str | None:
    asked = request.args.get("in")
    return asked if asked in form.wording.texts else None


def _load(tx: Tx, code: str) -> Form:
    found = form_of(tx, code)
    if found is None or not (found.property is None or me().sees(found.property)):
        abort(404)
    return found
