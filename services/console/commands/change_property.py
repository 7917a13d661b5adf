"""A property is added or changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.console.commands.record_audit import record_audit
from services.console.rules.ways import problems_of_ways
from services.console.store import properties as store
from shared.access.people import keep_hotels
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.vocabulary.currency import codes_in_use, currency_of
from shared.vocabulary.term import N_

NOT_CHANGED = N_("The hotel was not changed.")


@dataclass(frozen=True, kw_only=True)
class Property:
    """`country`: ISO 3166 alpha-2. `survey_threshold`: a score at or below it is followed up. `currency`: ISO 4217; of
    a new hotel that says none, its country's; of one that is there, None leaves it as it is. The next four: as in
    `PropertyChanged`. `rooms`: that it lets; None: not said."""

    code: str
    name: str
    zone: str
    country: str
    legal_entity: str
    postal_address: str
    contact: str
    told_of_survey: bool = False
    survey_threshold: int = 6
    currency: str | None = None
    phone: str = ""
    check_in: str = ""
    map_url: str = ""
    booking_url: str = ""
    rooms: int | None = None


def change_property(tx: Tx, wanted: Property, by: str, at: datetime, *, seen: int | None = None) -> int:
    """Sets a property's facts and returns its version. Publishes property.changed where anything changed.

    `seen`: the version the form showed, 0 for a new property; None to change any version. Raises `InputError`, and
    `Conflict` where the property has another version by now.
    """
    _check(wanted)
    if seen is not None:
        _refuse_other_version(tx, wanted.code, seen)
    there = store.currency_of(tx, wanted.code)
    wanted = replace(wanted, currency=wanted.currency or (there.currency if there else currency_of(wanted.country)))
    version = store.put(tx, asdict(wanted), at)
    if version is None:
        return store.version_of(tx, wanted.code)
    publish_property(tx, wanted.code, at)
    record_audit(tx, by, "property.changed", f"property {wanted.code}", {"version": version}, at)
    return version


def publish_property(tx: Tx, code: str, at: datetime) -> None:
    """The hotel as it stands, to every service."""
    changed = chunk_of([PropertyChanged(**store.facts_of(tx, code), occurred_at=at)])
    keep_hotels(tx, changed, at)
    publish(tx, changed, at=at)


def _refuse_other_version(tx: Tx, code: str, seen: int) -> None:
    there = store.lock(tx, code)
    if seen == 0 and there is not None:
        raise InputError(NOT_CHANGED, {"code": N_("There is a hotel with this code already.")})
    if seen != (there or 0):
        raise Conflict()


def _check(wanted: Property) -> None:
    problems = {}
    try:
        ZoneInfo(wanted.zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems["zone"] = N_("A time zone such as Europe/Lisbon is needed.")
    if not (len(wanted.country) == 2 and wanted.country.isascii() and wanted.country.isupper()):
        problems["country"] = N_("Two capital letters such as PT are needed.")
    if not 0 <= wanted.survey_threshold <= 10:
        problems["survey_threshold"] = N_("A score from 0 to 10 is needed.")
    if wanted.currency and wanted.currency not in codes_in_use():
        problems["currency"] = N_("Choose a currency.")
    problems |= problems_of_ways(wanted.phone, wanted.check_in, wanted.map_url, wanted.booking_url)
    if not wanted.code.strip():
        problems["code"] = N_("This is needed.")
    if problems:
        raise InputError(NOT_CHANGED, problems)
