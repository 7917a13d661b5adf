"""What of a cell may be shown and kept: codes and days as they stand, all else by its first letters.

A column may have slipped by one, so that a name or an address stands where a status is expected.
"""

from __future__ import annotations

import re

OF_A_PERSON = frozenset({
    "reservation", "given_name", "family_name", "full_name", "email", "phone", "birth_date", "row", "wishes",
    "companions",
})  # fmt: skip
OF_GUEST = ("wish:", "own:")
"""How fields begin that are a guest's own: their wishes, and their days of the house's own dates."""
LONGEST_SHOWN = 40
DAY = re.compile(r"\d{1,4}([-/. ])\d{1,2}\1\d{1,4}([T ]\d{1,2}:\d{2}\S{0,20})?")
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
NO_LETTER = re.compile("[\x00-\x1f\ud800-\udfff]")  # what no database and no JSON takes, and line breaks
INSIDE_A_WORD = re.compile(r"(?<=\w)\w")


def masked_cell(text: str) -> str:
    """«Rita Cantu» → R••• C••••; a day is no secret where it is no day of birth."""
    short = NO_LETTER.sub("�", text[:LONGEST_SHOWN]) + ("…" if len(text) > LONGEST_SHOWN else "")
    return INSIDE_A_WORD.sub("•", short)


def shown(field: str, text: str) -> str:
    """A value as the page shows it to whoever brought the file."""
    if field in OF_A_PERSON or field.startswith(OF_GUEST) or "@" in text or len(text) > LONGEST_SHOWN:
        return masked_cell(text)
    if LONG_NUMBER.search(text) and not DAY.fullmatch(text):
        return masked_cell(text)
    return NO_LETTER.sub("�", text)


def kept(field: str, text: str, rows: int) -> str:
    """A value as it is kept after the import: one that stands in a single row may be anybody's."""
    if rows > 1 or (field not in OF_A_PERSON and not field.startswith("own:") and DAY.fullmatch(text)):
        return shown(field, text)
    return masked_cell(text)


def masked_contact(address: str) -> str:
    """Enough of an address or a number to recognise it, not enough to use it."""
    name, at, host = NO_LETTER.sub("�", address).partition("@")
    if at:
        return f"{name[:1]}•••@{host[:1]}•••{host[host.rfind('.') :]}"
    return f"{name[:4]} ••• {name[-2:]}"
