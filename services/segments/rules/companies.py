"""Which spellings are one account, and which may be one company."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from shared.ids import make_id

LONGEST_NAME = 200
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "å": "aa", "&": " and "})


def spelled(name: str) -> str:
    """The name with its spaces and widths in order; what is equal then, but for case, is one account."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def is_number(name: str) -> bool:
    """Whether it is a source's number for a company: it says nothing outside that source and hotel."""
    return not any(letter.isalpha() for letter in name)


def folded(name: str) -> str | None:
    """The key of names that may be one company: «Müller G.m.b.H.» and «MUELLER GMBH». None for a number."""
    if is_number(name):
        return None
    spelt = unicodedata.normalize("NFC", spelled(name).casefold()).translate(SPELT_OUT).replace(".", "")
    bare = "".join(one for one in unicodedata.normalize("NFKD", spelt) if unicodedata.category(one) != "Mn")
    return " ".join("".join(one if one.isalnum() else " " for one in bare).split())


def company_id(name: str, legal_entity: str, source: str, hotel: str) -> UUID:
    """The account of a name within a legal entity; of a number within its source and hotel."""
    spelt = spelled(name).casefold()
    if is_number(name):
        return make_id("company", legal_entity, "number", source, hotel, spelt)
    return make_id("company", legal_entity, "name", spelt)
