"""Which pictures a document shows, and where a picture is found by whoever reads a mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SHA = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
PATH = "/messaging/picture/"
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}
"""By media type, what a picture's address ends in."""
FILE = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif)")


def file_name(sha: str, media_type: str) -> str:
    """What a document calls a picture: it is the end of its address."""
    return f"{sha}.{ENDINGS[media_type]}"


def picture_url(origin: str, file: str) -> str:
    """Where everybody finds it, for ever."""
    return f"{origin}{PATH}{file}"


def shown_in(document: Any) -> frozenset[str]:
    """The pictures that a document names, wherever in it: in a block, in an address, in written HTML. By their bytes;
    whether there are such pictures is not known here."""
    match document:
        case str():
            return frozenset(SHA.findall(document))
        case Mapping():
            return frozenset[str]().union(*map(shown_in, document.values()))
        case list():
            return frozenset[str]().union(*map(shown_in, document))
        case _:
            return frozenset()
