"""Key figures in words and numbers, as a page and a table show them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from babel import numbers
from flask_babel import gettext
from markupsafe import Markup

from services.console.pages.figures.asked import Asked
from services.console.rules.figures.definitions import Definition, Unit
from services.console.rules.figures.figures import A_YEAR, Figure
from shared.web.charts import spark
from shared.web.i18n.formatting import money, number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale

LEAST_COURSE = 2


def value_words(definition: Definition, value: Decimal | None, currency: str | None) -> str:
    """Always with its unit; «–» where it is not known."""
    if value is None:
        return "–"
    match definition.unit:
        case Unit.SHARE:
            return str(numbers.format_percent(value, format="#,##0.0%", locale=locale()))
        case Unit.SCORE:
            return f"{round(value * 100):+d}".replace("-", "−")
        case Unit.MONEY:
            return money(value, currency)
        case Unit.DAYS:
            return gettext("%(number)s days", number=_short(value))
        case Unit.NIGHTS:
            return gettext("%(number)s nights", number=_short(value))
        case Unit.HOURS:
            return gettext("%(number)s hours", number=_short(value))


def parts_words(figure: Figure) -> str:
    """What over what it is, in numbers: never a share without its n."""
    if figure.part is None or figure.whole is None:
        return ""
    part = money(figure.part, figure.currency) if figure.definition.unit is Unit.MONEY else _short(figure.part)
    whole = number(figure.whole)
    if figure.definition.unit in (Unit.SHARE, Unit.SCORE):
        return gettext("%(part)s of %(whole)s", part=part, whole=whole)
    return gettext("%(part)s from %(whole)s", part=part, whole=whole)


def with_parts(figure: Figure) -> str:
    """«2.5% (1 of 40)»."""
    value = value_words(figure.definition, figure.value, figure.currency)
    return gettext("%(value)s (%(parts)s)", value=value, parts=parts_words(figure))


def target_words(definition: Definition, target: Decimal | None, days: int) -> str:
    """`days`: of the period; where the target is of a year and this is less, it says so."""
    if target is None:
        return ""
    if definition.of_a_year and days < A_YEAR:
        return gettext("%(target)s of a year", target=target_words(definition, target, A_YEAR))
    sign = "≤" if definition.rises is False else "≥"
    if definition.unit is Unit.MONEY:
        return f"{sign} {number(target)}"
    return f"{sign} {value_words(definition, target, None)}"


def why_words(figure: Figure) -> str:
    """Why there is no figure."""
    if figure.why == "no_price":
        return gettext("Enter what a message costs")
    if figure.why == "awaited":
        return gettext("being counted; look again in a minute")
    if figure.why == "currencies":
        return gettext("paid in several currencies, which are not added")
    if figure.why == "silent" or figure.part is None:
        return gettext("not counted")
    return "" if figure.whole else gettext("nobody to count")


def course_of(figure: Figure, course: Sequence[Decimal | None]) -> Markup | None:
    known = [value for value in course if value is not None]
    if len(known) < LEAST_COURSE:
        return None
    scale = 1000 if figure.definition.unit in (Unit.SHARE, Unit.SCORE) else 100
    label = gettext(
        "%(figure)s over the last periods: from %(first)s to %(last)s",
        figure=gettext(figure.definition.label),
        first=value_words(figure.definition, known[0], figure.currency),
        last=value_words(figure.definition, known[-1], figure.currency),
    )
    return spark([round(value * scale) for value in known], label)


def behind_url(definition: Definition, asked: Asked) -> str:
    """Where the guests behind a figure are listed."""
    if definition.page:
        return definition.page
    return f"/segments/figures/guests?{asked.query(which=definition.behind)}"


def _short(value: Decimal) -> str:
    return number(round(value, 1))


def label_of(unit: Unit) -> str:
    return str(label(unit))
