"""A rating as a booking site writes it, on our scale of ten. No scale is guessed: two that fit are asked about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SCALES = (5, 6, 10, 20, 100)
"""Of how many sites let guests rate."""
KNOWN = {
    "booking": 10,
    "google": 5,
    "tripadvisor": 5,
    "expedia": 10,
    "hotels_com": 10,
    "agoda": 10,
    "hrs": 10,
    "hostelworld": 10,
    "holidaycheck": 6,
    "airbnb": 5,
}
"""By site the scale of its own. A site that has changed it, or that is not here, is asked about."""
TENTH = Decimal("0.1")
NUMBER = r"(\d{1,3}(?:[.,]\d{1,3})?)"
OF = re.compile(rf"{NUMBER}\s*(?:/|of|out of|von|sur|de|su|van|av|из|／)\s*(\d{{1,3}})", re.IGNORECASE)
PERCENT = re.compile(rf"{NUMBER}\s*%")
ALONE = re.compile(
    rf"{NUMBER}\s*(?:分|星|점|点|points?|pts?|punkte?|stars?|sterne?|étoiles?|estrellas?|stelle)?", re.IGNORECASE
)
STARS = re.compile(r"(★{1,5})(☆{0,4})")


@dataclass(frozen=True)
class Rating:
    """`value` of `scale`; no scale where the text says none."""

    value: Decimal
    scale: int | None = None

    def fits(self, scale: int) -> bool:
        return self.value <= scale

    def of_ten(self, scale: int) -> Decimal:
        return (self.value * 10 / scale).quantize(TENTH, ROUND_HALF_UP)


def rating_in(text: str) -> Rating | None:
    """«8,5», «4/5», «4 out of 5», «85 %», «★★★★☆», «4.5分»; None where it is no rating."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("'").strip()
    if found := OF.fullmatch(plain):
        value, scale = _number(found[1]), int(found[2])
        return Rating(value, scale) if scale in SCALES and value <= scale else None
    if found := PERCENT.fullmatch(plain):
        return Rating(_number(found[1]), 100) if _number(found[1]) <= 100 else None
    if (found := STARS.fullmatch(plain)) and len(plain) in (len(found[1]), 5):
        return Rating(Decimal(len(found[1])), 5)
    found = ALONE.fullmatch(plain)
    return Rating(_number(found[1])) if found and _number(found[1]) <= max(SCALES) else None


def scale_said(heading: str) -> int | None:
    """«Rating (of 5)», «score /10», «Rating 1-5»: what the heading of a column says itself."""
    found = re.search(r"(?:/|of|out of|von|sur|1\s*[-–]|0\s*[-–]|满分)\s*(\d{1,3})\b", heading, re.IGNORECASE)
    return int(found[1]) if found and int(found[1]) in SCALES else None


def scales_that_fit(ratings: Iterable[Rating]) -> Collection[int]:
    """Those that no rating without a scale of its own goes beyond."""
    most = max((one.value for one in ratings if one.scale is None), default=Decimal(0))
    return tuple(scale for scale in SCALES if most <= scale)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
