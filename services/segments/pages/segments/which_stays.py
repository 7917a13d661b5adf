"""Which stays a condition means, in words; and days as people count them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel.lists import format_list
from flask_babel import gettext, ngettext

from services.segments.facts.fact import Values
from services.segments.facts.units import DAYS, Measure
from services.segments.facts.where import Where
from shared.vocabulary.stay import Along, Party, Weekday
from shared.web.i18n.formatting import day, number
from shared.web.i18n.labels import labels
from shared.web.i18n.languages import locale

Names = Mapping[Values | Measure, Mapping[str, str]]
"""What codes and keys are called, as far as the page knows: hotels by code, segments, lists, journeys and the house's
own dates by key; and as money, the currency of each hotel by code, under «» the reporting currency."""
MONTH, YEAR = 30, 365


def days(count: int) -> str:
    """Days, and months or years where they come out even: people think in those."""
    plain = ngettext(*DAYS.number, count, shown=number(count))
    if count > 0 and count % YEAR == 0:
        years = count // YEAR
        named = ngettext("%(shown)s year", "%(shown)s years", years, shown=number(years))
    elif count > 0 and count % MONTH == 0:
        months = count // MONTH
        named = ngettext("%(shown)s month", "%(shown)s months", months, shown=number(months))
    else:
        return plain
    return gettext("%(named)s (%(days)s)", named=named, days=plain)


def where_words(where: Where, names: Names, *, contact: bool) -> str:
    """Which stays are meant; empty where all are."""
    hotels, words = names.get(Values.HOTELS, {}), []
    if where.for_days is not None:
        words.append(gettext("for at least %(days)s", days=days(where.for_days)))
    if where.window_days is not None:
        words.append(gettext("in the last %(days)s", days=days(where.window_days)))
    if where.since is not None and where.until is not None:
        words.append(gettext("from %(first)s to %(last)s", first=day(where.since), last=day(where.until)))
    elif where.since is not None:
        words.append(gettext("since %(day)s", day=day(where.since)))
    elif where.until is not None:
        words.append(gettext("until %(day)s", day=day(where.until)))
    if where.property:
        words.append(gettext("at %(hotels)s", hotels=either(hotels.get(code, code) for code in where.property)))
    if where.channel and not contact:
        words.append(gettext("booked through %(channels)s", channels=either(where.channel)))
    if where.room_type:
        words.append(gettext("room type %(types)s", types=either(where.room_type)))
    if where.market_segment:
        words.append(gettext("market segment %(segments)s", segments=either(where.market_segment)))
    if where.rate_plan:
        words.append(gettext("rate %(rates)s", rates=either(where.rate_plan)))
    if where.company:
        words.append(gettext("for the company %(companies)s", companies=either(where.company)))
    words += party_words(where)
    text = ""
    for part in words:
        text = gettext("%(first)s, %(next)s", first=text, next=part) if text else part
    return text


def party_words(where: Where) -> list[str]:
    words = []
    if where.party:
        parties = labels(Party)
        words.append(either(parties.get(one, one) for one in where.party))
    if where.along:
        along = labels(Along)
        words.append(either(along.get(one, one) for one in where.along))
    if where.weekday:
        weekdays = labels(Weekday)
        words.append(gettext("arrival on %(days)s", days=either(weekdays.get(one, one) for one in where.weekday)))
    if where.min_nights is not None and where.max_nights is not None:
        text = gettext("of %(least)s to %(most)s nights", least=number(where.min_nights), most=number(where.max_nights))
        words.append(text)
    elif where.min_nights is not None:
        least = where.min_nights
        words.append(
            ngettext("of at least %(count)s night", "of at least %(count)s nights", least, count=number(least))
        )
    elif where.max_nights is not None:
        most = where.max_nights
        words.append(ngettext("of at most %(count)s night", "of at most %(count)s nights", most, count=number(most)))
    return words


def either(values: Iterable[str]) -> str:
    return format_list(list(values), "or", locale())
