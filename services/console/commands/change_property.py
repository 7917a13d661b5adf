"""A property is entered or changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.console.commands.record_audit import record_audit
from services.console.store import properties as store
from shared.access import keep_hotels
from shared.database import Tx
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.outbox import say


@dataclass(frozen=True, kw_only=True)
class Property:
    """`country`: ISO 3166 alpha-2. `survey_threshold`: a score at or below it is followed up."""

    code: str
    name: str
    zone: str
    country: str
    legal_entity: str
    postal_address: str
    contact: str
    told_of_survey: bool = False
    survey_threshold: int = 6


def change_property(tx: Tx, wanted: Property, by: str, at: datetime) -> int:
    """Set a property's facts; the version that stands afterwards. Says property.changed where anything changed.

    Raises `InputError`.
    """
    _check(wanted)
    version = store.put(tx, asdict(wanted), at)
    if version is None:
        return store.version_of(tx, wanted.code)
    changed = chunk_of([PropertyChanged(**asdict(wanted), version=version, occurred_at=at)])
    keep_hotels(tx, changed, at)
    say(tx, changed, at=at)
    record_audit(tx, by, "property.changed", wanted.code, {"version": version}, at)
    return version


def _check(wanted: Property) -> None:
    problems = {}
    try:
        ZoneInfo(wanted.zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems["zone"] = "an IANA zone such as Europe/Lisbon is expected"
    if not (len(wanted.country) == 2 and wanted.country.isascii() and wanted.country.isupper()):
        problems["country"] = "two capital letters such as PT are expected"
    if not 0 <= wanted.survey_threshold <= 10:
        problems["survey_threshold"] = "a score from 0 to 10 is expected"
    if not wanted.code.strip():
        problems["code"] = "a code is expected"
    if problems:
        raise InputError("The property was not changed.", problems)
