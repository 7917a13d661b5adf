"""An offer in the words of one guest: its name and terms in the language of the message, its worth and its last day as
that language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, assert_never

from services.messaging.rules.offers.offer import Offer, Worth
from services.messaging.wording.languages import choose_language
from services.messaging.wording.values import OfferWords
from shared.vocabulary.offer import WorthKind

TO_CHOOSE = "choose-an-offer"
"""Stands in a ready template for an offer of the house's own."""


def offer_words(offer: Offer, language: str, code: str = "") -> OfferWords:
    """What is not said in any language is empty, and so missing."""
    partner = offer.partner
    return OfferWords(
        name=_in(offer.name, language),
        worth=worth_in_words(offer.worth, language),
        terms=_in(offer.terms, language),
        valid_until=day_in_words(offer.ends_on, language) if offer.ends_on else "",
        code=code,
        partner=partner.name if partner else "",
        colour=partner.colour if partner else "",
        logo=partner.logo if partner else "",
    )


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts[choose_language(texts, language)] if texts else ""


def worth_in_words(worth: Worth, language: str) -> str:
    locale, number = _locale(language), worth.number or Decimal(0)
    match worth.kind:
        case WorthKind.PERCENT:
            return _percent(number, locale)
        case WorthKind.AMOUNT:
            return _money(number, worth.currency or "", locale)
        case WorthKind.GIFT:
            return _in(worth.gift or {}, language)
    assert_never(worth.kind)


def _percent(number: Decimal, locale: Any) -> str:
    from babel.numbers import format_percent  # heavy, and needed only where an offer is made

    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    text: str = format_percent(number / 100, pattern, locale=locale)
    return text


def _money(number: Decimal, currency: str, locale: Any) -> str:
    """Whole amounts without decimals: an offer is «20 €», not «20,00 €»."""
    from babel.numbers import format_currency

    pattern = locale.currency_formats["standard"].pattern
    if number % 1:
        text: str = format_currency(number, currency, locale=locale)
        return text
    whole = pattern.replace(".00", "")
    return str(format_currency(number, currency, whole, locale=locale, currency_digits=False))


def day_in_words(day: date, language: str) -> str:
    from babel.dates import format_date

    text: str = format_date(day, "long", locale=_locale(language))
    return text


@lru_cache(maxsize=100)
def _locale(language: str) -> Any:
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
