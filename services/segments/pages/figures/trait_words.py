"""Traits of guests and their values, in words."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.segments.pages.guests.labels import country_name
from services.segments.rules.bands import BANDS, limits
from shared.web.i18n.formatting import number

TRAITS = {
    "channel": _l("Channel of the last stay"),
    "market": _l("Market of the last stay"),
    "country": _l("Country"),
    "region": _l("Region"),
    "age": _l("Age"),
    "spend": _l("Spend"),
    "nights": _l("Nights of the last stay"),
    "lead": _l("Booked days ahead"),
    "visit": _l("First stay or not"),
    "complained": _l("Complained"),
    "email": _l("May be written to by e-mail"),
}
_FIXED = {
    ("spend", "1"): _l("the quarter who spent least"),
    ("spend", "2"): _l("the second quarter"),
    ("spend", "3"): _l("the third quarter"),
    ("spend", "4"): _l("the quarter who spent most"),
    ("visit", "first"): _l("had not stayed before"),
    ("visit", "again"): _l("had stayed before"),
    ("complained", "yes"): _l("complained"),
    ("complained", "no"): _l("did not complain"),
    ("email", "yes"): _l("may be written to"),
    ("email", "no"): _l("may not be written to"),
}


def trait_value(trait: str, value: str) -> str:
    if not value:
        return gettext("not known")
    if trait == "country":
        return country_name(value)
    if trait in BANDS:
        return band_words(trait, value)
    return str(_FIXED.get((trait, value), value))


def band_words(name: str, value: str) -> str:
    """«25–34», «65 and more»."""
    least, most = limits(name, value)
    if most is None:
        return gettext("%(number)s and more", number=number(least))
    return number(least) if least == most else f"{number(least)}–{number(most)}"
