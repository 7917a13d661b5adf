"""A wait until a local hour, on certain weekdays where any are named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import dates
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, any_of
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, in_order
from services.campaigns.steps.fields import WEEKDAYS
from services.campaigns.steps.kind import Document
from shared.web.i18n.languages import locale


def _sentence(until: Document, _names: Names) -> str:
    days = [_weekday(day) for day in until["weekdays"]]
    if days and len(days) < len(WEEKDAYS):
        return str(gettext("Until %(hour)s on %(days)s", hour=until["hour"], days=any_of(days)))
    if until["strictly_after"]:
        return str(gettext("Until the next %(hour)s", hour=until["hour"]))
    return str(gettext("Until %(hour)s", hour=until["hour"]))


def _whole(until: Document, names: Names, _ways: Ways) -> str:
    return _sentence(until, names)


def _weekday(name: str) -> str:
    return str(dates.get_day_names("wide", locale=locale())[WEEKDAYS.index(name)])


def _read(form: Form) -> Document:
    return {
        "hour": form.get("hour").strip()[:5],
        "weekdays": in_order(WEEKDAYS, form.getlist("weekdays")),
        "strictly_after": bool(form.get("strictly_after")),
    }


def _choices() -> Mapping[str, Any]:
    return {"weekdays": {day: _weekday(day) for day in WEEKDAYS}}


VIEW = StepView(
    label=_l("Wait until an hour"),
    icon="clock",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    choices=_choices,
    problems={
        "hour": _l("Write the hour as 10:00."),
        "weekdays": _l("Choose weekdays from the list."),
    },
)
