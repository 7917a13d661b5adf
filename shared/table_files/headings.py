"""Headings made comparable: case, accents, spaces, hyphens and humps say nothing."""

from __future__ import annotations

import re
import unicodedata

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def normalised(header: str) -> str:
    """«E-mail Address», «emailAddress» and «E-Mail  address» → e_mail_address; letters of every script count."""
    spread = unicodedata.normalize("NFKD", HUMP.sub("_", header.strip()).casefold())
    bare = "".join(letter for letter in spread if unicodedata.category(letter) != "Mn")
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", bare)).strip("_")
