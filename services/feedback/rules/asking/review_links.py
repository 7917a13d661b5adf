"""Where guests may tell others how it was: a few sites of a hotel's own choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.errors import InputError

MOST_LINKS, LONGEST_NAME, LONGEST_URL = 4, 60, 500


@dataclass(frozen=True)
class ReviewLink:
    name: str
    url: str


def links_in(typed: Sequence[tuple[str, str]]) -> list[ReviewLink]:
    """Of names and addresses, those that are there. Raises `InputError` by `name_<n>`, `url_<n>`."""
    found, problems = [], {}
    for number, (name, url) in enumerate(typed[:MOST_LINKS]):
        name, url = name.strip(), url.strip()
        if not name and not url:
            continue
        if not 0 < len(name) <= LONGEST_NAME:
            problems[f"name_{number}"] = "name"
        if not _is_open_to_all(url):
            problems[f"url_{number}"] = "url"
        found.append(ReviewLink(name, url))
    if problems:
        raise InputError(problems=problems)
    return found


def _is_open_to_all(url: str) -> bool:
    """An https address of a site, without anybody's password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    return is_plain and parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
