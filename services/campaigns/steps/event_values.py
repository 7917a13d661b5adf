"""What a journey may ask of a value that comes with a hotel's own event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, assert_never

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import OneOf, Strict, wrong
from services.campaigns.steps.kind import Document
from shared.vocabulary.guest_event import LONGEST_VALUE_NAME


class Compared(StrEnum):
    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True)
class ValueIs:
    """A value of the event compared with what was typed. One that is not there agrees with nothing."""

    value: str
    op: Compared
    to: str

    @classmethod
    def of(cls, document: Document, /) -> ValueIs:
        return cls(document["value"], Compared(document["op"]), document["to"])

    def holds(self, details: Mapping[str, Any]) -> bool:
        found = details.get(self.value)
        if found is None:
            return False
        if self.op is Compared.IS:
            return _is_like(found, self.to)
        mine, theirs = _number(self.to), _number(found)
        if mine is None or theirs is None:
            return False
        match self.op:
            case Compared.AT_LEAST:
                return theirs >= mine
            case Compared.AT_MOST:
                return theirs <= mine
        assert_never(self.op)


def _is_like(found: Any, typed: str) -> bool:
    """Numbers by what they are worth, words whatever their case; yes and no as true and false."""
    if isinstance(found, bool):
        return typed.strip().casefold() in (("true", "yes") if found else ("false", "no"))
    mine, theirs = _number(typed), _number(found)
    if mine is not None and theirs is not None:
        return mine == theirs
    return str(found).strip().casefold() == typed.strip().casefold()


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class ValueIsSchema(Strict):
    value = marsh.String(required=True, validate=validate.Length(1, LONGEST_VALUE_NAME))
    op = OneOf(Compared, required=True)
    to = marsh.String(required=True, validate=validate.Length(1, 200))

    @validates_schema
    def compares(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["op"] != Compared.IS and _number(data["to"]) is None:
            raise wrong("no_number", "only a number is at least or at most", "to")
