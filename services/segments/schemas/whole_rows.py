"""What only a whole row tells: a name of one column, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.segments.rules.people.full_names import split_name
from services.segments.rules.written.import_problems import RejectReason
from shared.vocabulary.stay import StayStatus


def split_whole_name(values: dict[str, Any]) -> None:
    """A name of one column is split where the row has none of two."""
    whole = values.pop("full_name", None)
    if whole and not values.get("family_name"):
        name = split_name(whole)
        values["family_name"], values["given_name"] = name.family, values.get("given_name") or name.given


def contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    booked, arrival, departure = values["booked_on"], values["arrival"], values["departure"]
    problems: dict[str, str] = {}
    if departure < arrival:
        problems["departure"] = RejectReason.BEFORE_ARRIVAL
    if booked > departure:
        problems["booked_on"] = RejectReason.AFTER_DEPARTURE
    if values["status"] is StayStatus.CHECKED_OUT and values["status_date"] < arrival:
        problems["status_date"] = RejectReason.OUT_BEFORE_ARRIVAL
    elif values["status"] is not StayStatus.BOOKED and values["status_date"] < booked:
        problems["status_date"] = RejectReason.BEFORE_BOOKING
    return problems
