"""What a guest typed at a kiosk, read against what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.commands.guests.contacts import point_typed
from services.segments.commands.kiosk.refresh import Refreshed
from services.segments.queries.guests.page import points_of
from services.segments.rules.kiosk import Kiosk
from services.segments.rules.people.contact_points import Point
from services.segments.rules.people.corrections import Field
from services.segments.rules.people.guests import Guest
from services.segments.rules.sign_up_form import LONGEST_NAME, NEEDED, birth_date_in
from services.segments.store import kiosks
from services.segments.store.guests.guests import read_guest
from services.segments.store.properties import property_places
from services.segments.store.sign_ups import form_of, wording_at
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.vocabulary.channel import WITH_POINTS, Channel, ContactKind
from shared.vocabulary.contact_point import PointClass
from shared.web.i18n.guest_languages import GUEST_LANGUAGES

LONGEST_WISH = 1000
FIELD_OF = {ContactKind.ADDRESS: "email", ContactKind.NUMBER: "phone"}


@dataclass(frozen=True)
class Known:
    """A guest, and by channel their best own address or number in full: the page masks it."""

    guest: Guest
    addresses: Mapping[Channel, str]


def known_of(tx: Tx, guest_id: UUID) -> Known:
    found: dict[Channel, str] = {}
    for point in points_of(tx, guest_id):
        if point.kind == PointClass.PERSONAL:
            found.setdefault(Channel(point.channel), tx.keyring.open(point.address, Sealing.CONTACT))
    return Known(read_guest(tx, guest_id), found)


def filled_by(
    tx: Tx, kiosk: Kiosk, known: Known, values: Mapping[str, str], spoken: str, at: datetime, domains: frozenset[str]
) -> tuple[Refreshed | None, Mapping[str, str]]:
    """By field the key of what is wrong, else what was said."""
    problems: dict[str, str] = {}
    zone, country = property_places(tx)[kiosk.property]
    given, family = (" ".join(values.get(name, "").split()) for name in ("given_name", "family_name"))
    if not (given or family) or max(len(given), len(family)) > LONGEST_NAME:
        problems["family_name"] = "name"
    points = [point for channel in WITH_POINTS if (point := _new_point(channel, values, country, domains, problems))]
    born = birth_date_in(values.get("birth_date", "").strip(), local_date(at, zone), problems)
    addresses = {**known.addresses, **{Channel(point.channel): point.address for point in points}}
    form = form_of(tx, code) if (code := kiosks.form_of_hotel(tx, kiosk.property)) else None
    version = int(values["form_version"]) if values.get("form_version", "").isdecimal() else 0
    wording = wording_at(tx, form.code, version) if form else None
    offered = wording.boxes if wording and spoken in wording.texts else ()
    boxes = tuple(box for box in offered if box in values)
    for box in boxes:
        if box.channel.kept_as not in addresses:
            problems.setdefault(FIELD_OF[box.channel.contact], NEEDED[box.channel.contact])
    if problems:
        return None, problems
    wish = " ".join(values.get("wishes", "").split())[:LONGEST_WISH]
    profile = _profile(known.guest, given, family, born, values.get("language", ""))
    return Refreshed(profile, points, wish, boxes, addresses, form.code if form else None, version, spoken), problems


def _new_point(
    channel: Channel, values: Mapping[str, str], country: str, domains: frozenset[str], problems: dict[str, str]
) -> Point | None:
    field = FIELD_OF[channel.contact]
    text = values.get(field, "").strip()
    if not text:
        return None
    try:
        return point_typed(channel, text, (country,), domains)
    except InputError:
        problems[field] = field
        return None


def _profile(
    guest: Guest, given: str, family: str, born: date | None, language: str
) -> dict[Field, tuple[object, ...]]:
    found: dict[Field, tuple[object, ...]] = {Field.NAME: (given, family)}
    if born:
        found[Field.BIRTH_DATE] = (born,)
    if language in GUEST_LANGUAGES and language != guest.language:
        found[Field.LANGUAGE] = (language,)
    return found
