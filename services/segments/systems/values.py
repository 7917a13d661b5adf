"""Values of other systems' documents: what cannot be read is unknown, and what must be there is missed by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from services.segments.imports.meanings.countries import read_country
from services.segments.imports.meanings.languages import read_language
from services.segments.schemas.cells import LONGEST, NOT_TEXT
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.currency import known_codes

GREATEST_AMOUNT = Decimal(10**9)
Document = Mapping[str, Any]


class NotRead(Exception):
    """A document lacks what names a stay or its days, or says it in no way that its maker describes."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def part(document: Any, *names: str) -> dict[str, Any]:
    """The document within, by the names that lead to it; an empty one where there is none."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def items(document: Any, *names: str) -> list[dict[str, Any]]:
    """The documents of a list within."""
    within = part(document, *names[:-1]).get(names[-1]) if names else document
    return [one for one in within if isinstance(one, dict)] if isinstance(within, list) else []


def text(value: Any) -> str | None:
    """Trimmed; None for what is no text, nothing, or too long to be a name of anything."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    found = NOT_TEXT.sub("", str(value)).strip()
    return found if 0 < len(found) <= LONGEST else None


def needed(value: Any, field: str) -> str:
    """Raises `NotRead`."""
    found = text(value)
    if found is None:
        raise NotRead(field)
    return found


def instant(value: Any) -> datetime | None:
    """An instant with its offset, or in seconds or milliseconds since 1970; None where it says none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(value)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _since_1970(value: float) -> datetime | None:
    seconds = value / 1000 if abs(value) > 10**11 else value  # 10^11 seconds are the year 5138
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def moment(value: Any) -> date | datetime | None:
    """An instant where there is one, else the day that is written."""
    found = instant(value) if isinstance(value, str) else None
    return found or day(value)


def day(value: Any) -> date | None:
    """The day as it is written, whatever hour stands behind it."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def needed_moment(value: Any, field: str) -> date | datetime:
    """Raises `NotRead`."""
    found = moment(value)
    if found is None:
        raise NotRead(field)
    return found


def amount(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= GREATEST_AMOUNT else None


def currency(value: Any) -> str | None:
    code = str(value).upper()
    return code if code in known_codes() else None


def count(value: Any) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 0 <= number < 1000 else None


def country(value: Any) -> str | None:
    found = text(value)
    try:
        return read_country(found, 2) if found else None
    except KeyError:
        return None


def language(value: Any) -> str | None:
    found = text(value)
    try:
        return read_language(found) if found else None
    except KeyError:
        return None


def consent(value: Any) -> ClaimedConsent | None:
    """What a hotel's system notes by a tick: yes and no count, anything else says nothing."""
    said = str(value).strip().lower()
    if said in ("true", "1", "y", "yes"):
        return ClaimedConsent.EXPRESS
    return ClaimedConsent.REFUSED if said in ("false", "0", "n", "no") else None


def first(values: Iterable[Any]) -> str | None:
    """The first of these that is a text."""
    return next((found for value in values if (found := text(value)) is not None), None)


def in_path(number: str) -> str:
    """A number that another system gave, as a part of an address."""
    return quote(number, safe="")


def count_any(value: Any) -> int | None:
    """A count of anything, however many."""
    found = amount(value)
    return int(found) if found is not None else None
