"""The links to a hotel: its telephone, its map, and where it is booked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

PLACE = re.compile(r"\{([a-z]+)\}")
Said = Mapping[str, str]
"""By name what is filled in: arrival, departure, code, language. What is not known is empty."""


def telephone(phone: str) -> str:
    """As a link: digits alone, and the sign of a country before them."""
    digits = re.sub(r"[^\d+]", "", phone)
    return f"tel:{digits}" if digits else ""


def booking(url: str, said: Said) -> str:
    """A part of the query that would be empty is left out: a page asked for no day shows its own."""
    if "{" not in url:
        return url
    parts = urlsplit(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    query = [(name, _filled(value, said)) for name, value in asked if _is_said(value, said)]
    path = PLACE.sub(lambda found: quote(said.get(found[1], ""), safe=""), parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), parts.fragment))


def _filled(value: str, said: Said) -> str:
    return PLACE.sub(lambda found: said.get(found[1], ""), value)


def _is_said(value: str, said: Said) -> bool:
    names = PLACE.findall(value)
    return not names or any(said.get(name) for name in names)
