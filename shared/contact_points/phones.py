"""Phone numbers: read from a cell as they are dialled in a country, and what kind of number each is."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from shared.contact_points.reading import MOST, NULLISH, PointRead, cleaned
from shared.vocabulary.contact_point import CALLED, PointFault

FEWEST = 7  # digits on both sides of a sign that may stand between two numbers or inside one
SCHEME = re.compile(r"^(?:tel|sms|callto|phone|mobile|whatsapp):\s*(?://)?", re.IGNORECASE)
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
FLOAT = re.compile(r"(\+?\d{5,})[.,]0{1,2}")
TRUNK = re.compile(r"(?<=\d)\s*\(0\)\s*")  # «+44 (0)20»; Italy's own 0 is part of the number and stands in no brackets
APART = re.compile(r"[;|\r\n\t、]+|\s(?:or|oder|ou|and|und|et)\s|或|和", re.IGNORECASE)
MAYBE_APART = re.compile(r"[,/]|\s-\s|\s{2,}")
E164 = re.compile(r"\+\d{7,15}")
UNREADABLE = frozenset(PointFault) - CALLED
WITH_COUNTRY = 11  # digits of a number that may carry its country's code
AROUND = " .,;:!?*'\"<>[]"
NO_TEXTS = {
    PhoneNumberType.FIXED_LINE: PointFault.LANDLINE,
    **dict.fromkeys(
        (
            PhoneNumberType.TOLL_FREE,
            PhoneNumberType.PREMIUM_RATE,
            PhoneNumberType.SHARED_COST,
            PhoneNumberType.PAGER,
            PhoneNumberType.UAN,
            PhoneNumberType.VOICEMAIL,
        ),
        PointFault.SERVICE_NUMBER,
    ),
}
"""Regions that do not tell a landline from a mobile (FIXED_LINE_OR_MOBILE) and numbers of no known kind stay usable."""


@lru_cache(maxsize=200_000)
def read_phones(text: str, *countries: str | None) -> tuple[PointRead, ...]:
    """The numbers in a cell, usable ones first; none where the cell stands for none. `countries` (alpha-2): those in
    which a number without a country code may be dialled, the guest's own first, then the hotel's.
    """
    plain = text.strip()
    if plain.lower() in NULLISH or (found := cleaned(text)).lower() in NULLISH:
        return ()
    regions = tuple(dict.fromkeys(country for country in countries if country))
    pieces = _pieces(found)
    read = sorted(dict.fromkeys(_read(piece, regions) for piece in pieces), key=_usable_first)
    first, form = read[0], as_once_read(text)
    if first.fault and first.fault not in CALLED:
        return (PointRead(form, first.fault),)
    unreadable_then = first.form or len(pieces) > 1 or found != plain or countries[:1] == (None,) or _mended(found)
    read[0] = PointRead(first.address, first.fault, form if unreadable_then and not E164.fullmatch(form) else None)
    return tuple(one for one in read if one.fault not in UNREADABLE)[:MOST]


def _usable_first(read: PointRead) -> tuple[bool, bool]:
    return read.fault in UNREADABLE, read.fault is not None


def as_once_read(text: str) -> str:
    """The spelling by which versions before 0.3.0 kept a number that they could not read."""
    plain = text.strip()
    return f"+{plain[2:]}" if plain.startswith("00") else plain


def _pieces(text: str) -> list[str]:
    """The parts of a cell that hold a number each. A comma or a slash may also stand inside one."""
    found: list[str] = []
    for piece in APART.split(SCHEME.sub("", text)):
        parts = MAYBE_APART.split(piece)
        whole = len(parts) > 1 and all(sum(map(str.isdigit, part)) >= FEWEST for part in parts)
        found += parts if whole else [piece]
    return [piece for piece in found if piece.strip(AROUND)] or [text]


def _mended(text: str) -> bool:
    """Whether earlier versions could not read it."""
    return bool(SCHEME.match(text) or FLOAT.fullmatch(text) or "(0)" in text or text != text.strip(AROUND))


def _read(piece: str, regions: tuple[str, ...]) -> PointRead:
    text = SCHEME.sub("", piece.strip(AROUND))
    digits = [one for one in text if one.isdigit()]
    if len(digits) > 4 and len(set(digits)) == 1:
        return PointRead(text, PointFault.PLACEHOLDER)
    if SCIENTIFIC.fullmatch(text):
        return PointRead(text, PointFault.ROUNDED)
    if number := FLOAT.fullmatch(text):
        text = number[1]
    text = TRUNK.sub(" ", text) if text.startswith(("+", "00")) and not text.startswith(("+39", "0039")) else text
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if text.startswith("+"):
        return _best(text, [_parsed(text, None)])
    readings = [_parsed(text, region) for region in regions]
    if text.isdigit() and len(text) >= WITH_COUNTRY:
        readings.append(_parsed(f"+{text}", None))  # a spreadsheet took the + for a sign
    read = _best(text, readings)
    if not regions and read.fault in (PointFault.NO_NUMBER, PointFault.WRONG_LENGTH):
        return PointRead(text, PointFault.NO_COUNTRY if len(digits) >= FEWEST else read.fault)
    return read


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _best(text: str, readings: list[PhoneNumber | None]) -> PointRead:
    """The first reading that can be a number. Only to one that is in no use there another is preferred, and only where
    that is a mobile's: elsewhere both could be meant.
    """
    read = [number for number in readings if number is not None]
    possible = [number for number in read if phonenumbers.is_possible_number(number)]
    if not possible:
        return PointRead(text, PointFault.WRONG_LENGTH if read else PointFault.NO_NUMBER)
    number, kind = possible[0], phonenumbers.number_type(possible[0])
    if kind == PhoneNumberType.UNKNOWN:
        mobile = (other for other in possible[1:] if phonenumbers.number_type(other) == PhoneNumberType.MOBILE)
        if (other := next(mobile, None)) is not None:
            number, kind = other, PhoneNumberType.MOBILE
    if len(set(str(number.national_number))) == 1:
        return PointRead(text, PointFault.PLACEHOLDER)
    address = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    fault = NO_TEXTS.get(kind, PointFault.EXTENSION if number.extension else None)
    return PointRead(address, fault, None if number is readings[0] else text)
