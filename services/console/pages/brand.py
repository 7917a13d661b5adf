"""How does this hotel look to its guests? Its name in their languages, its colour and its logo; and the logo itself."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.change_brand import change_brand
from services.console.commands.change_property import NOT_CHANGED
from services.console.pages.forms import problems_of
from services.console.queries.properties import property_named
from services.console.store import brands
from shared.access.people import May
from shared.errors import InputError, NotFound, Problem
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled
from shared.vocabulary.term import N_
from shared.web.access_control import me, needs, open_to_all
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.pages.versions import number_in
from shared.web.site import here

BRAND = Blueprint("console_brand", __name__, url_prefix="/properties/<code>/brand")
BRAND_PICTURES = Blueprint("console_brand_pictures", __name__, url_prefix="/brand")
A_YEAR = 365 * 24 * 3600
LOGO_SIDE, LOGO_BYTES = 480, 60 * 1024
PROBLEMS = {
    "too_large": N_("The picture is larger than 10 MB."),
    "no_picture": N_("This is no picture that can be shown. JPEG, PNG and WebP can."),
    "too_many_pixels": N_("The picture has more than 50 million pixels."),
    "damaged": N_("The picture cannot be read to its end. Save it anew."),
}
Reply = str | Response | tuple[str, int]


class NoHotel(NotFound):
    """There is no hotel with this code."""


class NoPicture(NotFound):
    """There is no such picture any more."""


@BRAND.get("")
@needs(May.ADMINISTER)
def show(code: str) -> str:
    return _page(code, {})


@BRAND.post("")
@needs(May.ADMINISTER)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def change(code: str) -> Reply:
    """The logo is made small before a transaction is open."""
    names = {tag: request.form.get(f"name.{tag}", "").strip() for tag in GUEST_LANGUAGES}
    try:
        logo = _logo()
        with here().transaction() as tx:
            change_brand(
                tx,
                code,
                names,
                request.form.get("colour", ""),
                logo,
                here().now(),
                by=me().name,
                seen=number_in(request.form) or 0,
                without_logo="without_logo" in request.form,
            )
    except InputError as error:
        return _page(code, problems_of(error)), 422
    flash(gettext("Saved. Guests see it on surveys opened from now on."))
    return to(f"/properties/{code}/brand", 303)


def _logo() -> Picture | None:
    upload = request.files.get("logo")
    if upload is None or not upload.filename:
        return None
    try:
        return scaled(upload.read(LARGEST_FILE + 1), longest=LOGO_SIDE, most_bytes=LOGO_BYTES)
    except InputError as error:
        problem = error.problems["picture"]
        code = problem.code if isinstance(problem, Problem) else "damaged"
        raise InputError(NOT_CHANGED, {"logo": PROBLEMS.get(code, PROBLEMS["damaged"])}) from error


def _page(code: str, problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        found = property_named(tx, code)
        if found is None:
            raise NoHotel()
        brand = brands.of_hotel(tx, code)
    typed = request.form if request.method == "POST" else None
    return render_template(
        "brand.html",
        hotel=found,
        brand=brand,
        names={tag: typed.get(f"name.{tag}", "") if typed else brand.names.get(tag, "") for tag in GUEST_LANGUAGES},
        colour=typed.get("colour", "") if typed else brand.colour or "",
        languages=GUEST_LANGUAGES,
        problems=problems,
    )


@BRAND_PICTURES.get("/<picture>")
@open_to_all
def picture(picture: str) -> Response:
    """Its address is made of its bytes: what it shows never changes."""
    with here().transaction() as tx:
        found = brands.picture(tx, picture)
    if found is None:
        raise NoPicture()
    headers = {
        "Cache-Control": f"public, max-age={A_YEAR}, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(bytes(found.content), content_type=found.media_type, headers=headers)
