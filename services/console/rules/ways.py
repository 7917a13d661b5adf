"""The ways to a hotel that mails name: its telephone, its map, where it is booked, and from when rooms are ready."""

from __future__ import annotations

import re
from string import Formatter
from urllib.parse import urlsplit

from shared.vocabulary.term import N_

FILLED_IN = frozenset({"arrival", "departure", "code", "language"})
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
PHONE = re.compile(r"\+?[\d][\d ()./-]{4,38}")


def problems_of_ways(phone: str, check_in: str, map_url: str, booking_url: str) -> dict[str, str]:
    """By field; what is empty is not said, and no problem."""
    problems = {}
    if phone and not PHONE.fullmatch(phone):
        problems["phone"] = N_("This is no telephone number: write it as +351 21 000 0000.")
    if check_in and not HOUR.fullmatch(check_in):
        problems["check_in"] = N_("An hour such as 15:00 is needed.")
    if map_url and not _is_page(map_url):
        problems["map_url"] = N_("An address that begins with https:// is needed.")
    if booking_url and not _is_page(booking_url):
        problems["booking_url"] = N_("An address that begins with https:// is needed.")
    elif not _named(booking_url) <= FILLED_IN:
        problems["booking_url"] = N_("Only {arrival}, {departure}, {code} and {language} are filled in.")
    return problems


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s|[\"'<>]", address)


def _named(address: str) -> set[str]:
    """What stands in braces; a lone brace counts as a name there is not."""
    try:
        return {name for _, name, *_ in Formatter().parse(address) if name is not None}
    except ValueError:
        return {"{"}
