"""What a cell means, and the dirt that no address and no number is made of."""

from __future__ import annotations

import re
import unicodedata

from shared.rows import row
from shared.vocabulary.contact_point import PointFault

LONGEST = 300  # characters of a cell that are looked at
MOST = 5  # points of one cell
NULLISH = frozenset({"", "null", "none", "n/a", "na", "nan", "-", "--", "nil", "undefined", "无", "無", "#n/a"})
QUOTES = "'\"`´‘’‚“”„«»＇＂"
_CELL_FORMULA = re.compile(r'^=\s*"(.*)"$', re.DOTALL)


@row
class PointRead:
    """A contact point as a cell gives it: clean; or with its fault, and then as it was written, unless it can be called
    all the same. `form`: where it was mended, the spelling by which earlier versions kept and indexed it: an objection
    recorded then stands under that.
    """

    address: str
    fault: PointFault | None = None
    form: str | None = None


def cleaned(text: str) -> str:
    """Full-width letters as plain ones, without invisible characters, text marks and quotes around it."""
    found = unicodedata.normalize("NFKC", text[:LONGEST])
    found = "".join(_seen(character) for character in found).strip()
    if formula := _CELL_FORMULA.match(found):
        found = formula[1]
    return found.strip(QUOTES + " ")


def _seen(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character in "\t\r\n" else " "
    kind = unicodedata.category(character)
    if kind in ("Cf", "Mn") and not unicodedata.combining(character):
        return ""  # zero width, byte order mark, direction, soft hyphen, variation selector
    return " " if kind in ("Zs", "Zl", "Zp", "Cc") else character
