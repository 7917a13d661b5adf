"""Days, hours, numbers and languages as a language writes them in a letter."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal


@lru_cache(maxsize=4096)
def day_in_words(day: date, language: str) -> str:
    """3 March 2026, 2026年3月3日."""
    return format_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=4096)
def birthday_in_words(month: int, day: int, language: str) -> str:
    """Without the year: 3 March, 3月3日."""
    return str(format_skeleton("MMMMd", date(2000, month, day), locale=_locale(language)))


@lru_cache(maxsize=1024)
def hour_in_words(hour: str, language: str) -> str:
    """Of 15:00, as the language writes it; what is no hour stays as it is."""
    try:
        return str(format_time(time.fromisoformat(hour), "short", locale=_locale(language)))
    except ValueError:
        return hour


@lru_cache(maxsize=4096)
def number_in_words(number: int, language: str) -> str:
    """12,500, 12.500."""
    return str(format_decimal(number, locale=_locale(language)))


@lru_cache(maxsize=100)
def language_in_words(language: str) -> str:
    """What a language is called by who speaks it."""
    locale = _locale(language)
    return str(locale.get_display_name() if locale.language != "en" else locale.get_language_name())


@lru_cache(maxsize=100)
def _locale(language: str) -> Locale:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return Locale("en", "GB") if str(locale) == "en" else locale
