"""Names of what a journey refers to, and lengths of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel import lists
from flask_babel import gettext, ngettext

from shared.web.i18n.languages import locale

Names = Mapping[str, str]  # of segments and templates, by key


def of_step(key: str) -> str:
    """Under which name a step's own sentence stands among the names."""
    return f"step:{key}"


def of_journeys(journeys: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The names of journeys as they stand among the names of all else."""
    return {f"journey:{key}": name for key, name in journeys}


def journey_words(key: str, names: Names) -> str:
    return names.get(f"journey:{key}", key)


def of_offers(offers: Mapping[str, str]) -> dict[str, str]:
    return {f"offer:{key}": name for key, name in offers.items()}


def offer_words(key: str, names: Names) -> str:
    return names.get(f"offer:{key}", key)


def segment_words(key: str, names: Names) -> str:
    return str(gettext("«%(name)s»", name=names.get(key, key))) if key else gettext("a segment")


def length(parts: Mapping[str, Any]) -> str:
    """«14 days», «2 hours and 30 minutes»."""
    days, hours, minutes = (parts.get(name, 0) for name in ("days", "hours", "minutes"))
    found = []
    if isinstance(days, int) and days:
        found.append(ngettext("%(num)d day", "%(num)d days", days))
    if isinstance(hours, int) and hours:
        found.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if isinstance(minutes, int) and minutes:
        found.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return all_of(found)


def all_of(texts: Sequence[str]) -> str:
    return str(lists.format_list(texts, locale=locale())) if texts else "–"


def any_of(texts: Sequence[str]) -> str:
    return str(lists.format_list(texts, style="or", locale=locale())) if texts else "–"
