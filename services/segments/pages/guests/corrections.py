"""What is wrong about this guest, and what did people correct? Its form, its history, and how to take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.guests import contacts, corrections
from services.segments.config import Config
from services.segments.pages.guests.correction_forms import corrections_in, version_of, words_of
from services.segments.pages.guests.forms import LANGUAGES
from services.segments.pages.guests.guest import living_card_of
from services.segments.pages.guests.labels import country_name, language_name
from services.segments.pages.guests.overrides import overridden, words_of_field
from services.segments.queries.guests.page import Card, points_of
from services.segments.rules.people.corrections import Field
from services.segments.rules.people.guests import Guest
from services.segments.rules.places import country_zones
from services.segments.store.guests.corrections import corrections_of
from services.segments.store.guests.guests import read_guest
from services.segments.store.guests.removed_points import removed_of
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.vocabulary.channel import WITH_POINTS, Channel
from shared.vocabulary.contact_point import PointFault
from shared.vocabulary.role import Role
from shared.web.access_control import me, my_hotels, needs
from shared.web.contacts import Contacts, on_the_page_of
from shared.web.i18n.labels import label, labels
from shared.web.site import here

pages = Blueprint("segments_corrections", __name__, url_prefix="/segments/guests/<uuid:guest_id>")
Page = tuple[str, int]


@pages.get("/corrections")
@needs(May.CARE)
def show(guest_id: UUID) -> str:
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        return _page(tx, read_guest(tx, guest_id), None, {})


@pages.post("/corrections")
@needs(May.CARE)
def correct(guest_id: UUID) -> Response | Page:
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        try:
            wanted = corrections_in(request.form, local_date(here().now(), card.zone))
            version = version_of(request.form)
        except InputError as error:
            return _page(tx, read_guest(tx, guest_id), request.form, error.problems), 422
        corrections.correct(tx, guest_id, version, wanted, me(), here().now())
    return _back(guest_id, gettext("Corrected. The hotel's system does not change it back."))


@pages.post("/corrections/<field>/lift")
@needs(May.CARE)
def lift(guest_id: UUID, field: str) -> Response:
    if field not in tuple(Field):
        abort(404)
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        corrections.take_back(tx, guest_id, version_of(request.form), Field(field), me(), here().now())
    return _back(guest_id, gettext("Taken back: what the hotel's system says counts again."))


@pages.post("/points")
@needs(May.CARE)
def add(guest_id: UUID) -> Response | Page:
    values = request.form
    channel, instead_of = values.get("channel", ""), values.get("instead_of") or None
    if channel not in WITH_POINTS:
        abort(404)
    _may_see_contacts()
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        try:
            point = contacts.point_typed(channel, values.get("address", ""), _countries(card), _agency_domains())
        except InputError as error:
            problems = {instead_of or channel: words_of(error.problems["address"])}
            return _page(tx, read_guest(tx, guest_id), None, problems, typed_point=values), 422
        contacts.add_point(
            tx, guest_id, version_of(values), point, me(), here().now(), _agency_domains(), instead_of=instead_of
        )
    return _back(guest_id, gettext("Saved. The hotel's system does not change it back."))


@pages.post("/points/removal")
@needs(May.CARE)
def remove(guest_id: UUID) -> Response:
    _may_see_contacts()
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        version, point = version_of(request.form), request.form.get("point", "")
        contacts.remove_point(tx, guest_id, version, point, me(), here().now(), _agency_domains())
    return _back(guest_id, gettext("Removed. The next import does not bring it back."))


@pages.post("/points/return")
@needs(May.CARE)
def put_back(guest_id: UUID) -> Response:
    _may_see_contacts()
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        version, point = version_of(request.form), request.form.get("point", "")
        contacts.return_point(tx, guest_id, version, point, me(), here().now(), _agency_domains())
    return _back(guest_id, gettext("The guest has it again."))


def _countries(card: Card) -> tuple[str | None, ...]:
    """Where this guest's numbers may be dialled."""
    home = next((hotel.country for hotel in my_hotels() if hotel.code == card.home_property), None)
    return card.country, home


def _may_see_contacts() -> None:
    """Whoever corrects an address must be able to read it."""
    if not me().may(May.SEE_CONTACTS):
        abort(403)


def _page(
    tx: Tx,
    guest: Guest,
    typed: Mapping[str, str] | None,
    problems: Mapping[str, str],
    *,
    typed_point: Mapping[str, str] | None = None,
) -> str:
    values = typed or {
        "version": str(guest.version),
        "title": guest.title or "",
        "given_name": guest.given_name,
        "family_name": guest.family_name,
        "birth_date": guest.birth_date.isoformat() if guest.birth_date else "",
        "language": guest.language or "",
        "country": guest.country or "",
    }
    spoken = sorted({*LANGUAGES, str(values["language"] or "en")})
    card = living_card_of(tx, guest.id)
    contacts = on_the_page_of(tx, guest.id)
    shown = partial(_shown, tx, contacts, guest.id)
    points = points_of(tx, guest.id)
    return render_template(
        "guest_corrections.html",
        guest=card,
        typed=values,
        typed_point=typed_point or {},
        problems=problems,
        spoken=sorted(((tag, language_name(tag)) for tag in spoken), key=lambda pair: pair[1]),
        countries=sorted(((code, country_name(code)) for code in country_zones()), key=lambda pair: pair[1]),
        overridden=overridden(guest),
        contacts=contacts,
        points=[(point, shown(point.address)) for point in points],
        written={point.point: _written(tx, contacts, guest.id, point.forms) for point in points if point.forms},
        fault_of=labels(PointFault),
        removed=[(one, shown(one.address)) for one in removed_of(tx, guest.id)],
        history=[_line(shown, one) for one in corrections_of(tx, guest.id)],
        Channel=Channel,
        label=label,
        role_names=labels(Role),
    )


def _line(shown: Callable[[Sealed], str], one: Any) -> dict[str, Any]:
    """A line of the history, with its words."""
    is_point = one.field in WITH_POINTS
    if is_point:
        was, became = (shown(sealed) if sealed else "" for sealed in (one.was_sealed, one.became_sealed))
    else:
        was, became = (words_of_field(Field(one.field), [text]) for text in (one.was, one.became))
    what = label(Channel(one.field)) if is_point else label(Field(one.field))
    return {"at": one.at, "what": what, "was": was, "became": became, "back": one.taken_back, "by": one.by_whom,
            "role": one.by_role}  # fmt: skip


def _written(tx: Tx, contacts: Contacts, guest_id: UUID, forms: Sealed) -> str:
    """How sources write an address or number that was cleaned, for who may read it."""
    if not contacts.shows(guest_id):
        return ""
    return " · ".join(tx.keyring.open(forms, Sealing.CONTACT).split("\n"))


def _shown(tx: Tx, contacts: Contacts, guest_id: UUID, sealed: Sealed) -> str:
    return contacts.point(guest_id, tx.keyring.open(sealed, Sealing.CONTACT))


def _agency_domains() -> frozenset[str]:
    return here().part(Config).agency_domains


def _back(guest_id: UUID, text: str) -> Response:
    flash(text)
    return redirect(f"/segments/guests/{guest_id}/corrections", 303)
