"""Days of the lunar calendar as a language writes them in a letter: 农历八月十五, day 15 of the eighth lunar month.

Chinese names months and days by its own numerals; elsewhere they are counted.
"""

from __future__ import annotations

from collections.abc import Mapping

NUMERALS = "一二三四五六七八九十"
MONTHS = ("正月", *(f"{one}月" for one in NUMERALS[1:]), "十一月", "十二月")
COUNTED: Mapping[str, str] = {
    "en": "day {day} of lunar month {month}",
    "pt": "dia {day} do {month}.º mês lunar",
    "es": "día {day} del {month}.º mes lunar",
    "fr": "jour {day} du {month}e mois lunaire",
    "de": "Tag {day} des {month}. Mondmonats",
}


def lunar_day_in_words(month: int, day: int, language: str) -> str:
    spoken = language.lower().partition("-")[0]
    if spoken == "zh":
        return _in_chinese(month, day, "農曆" if _is_traditional(language) else "农历")
    words = COUNTED.get(spoken, COUNTED["en"])
    if spoken == "fr" and month == 1:
        words = "jour {day} du premier mois lunaire"
    return words.format(month=month, day=day)


def _is_traditional(language: str) -> bool:
    return not {"hant", "tw", "hk", "mo"}.isdisjoint(language.lower().split("-"))


def _in_chinese(month: int, day: int, calendar: str) -> str:
    """初一 to 初十, 十一 to 十九, 二十, 廿一 to 廿九, 三十."""
    tens, ones = divmod(day - 1, 10)
    unit = NUMERALS[ones]
    said = {(1, 9): "二十", (2, 9): "三十"}.get((tens, ones), f"{('初', '十', '廿')[tens]}{unit}")
    return f"{calendar}{MONTHS[month - 1]}{said}"
