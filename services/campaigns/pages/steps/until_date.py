"""A wait until so many days or hours before or after a date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences import dates
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, offset_in
from services.campaigns.steps.kind import Document


def _sentence(until: Document, names: Names) -> str:
    return str(gettext("Until %(when)s", when=dates.offset_words(until["date"], until, names)))


def _whole(until: Document, names: Names, _ways: Ways) -> str:
    return _sentence(until, names)


def _read(form: Form) -> Document:
    return {"date": form.get("date", "arrival"), **offset_in(form)}


def _choices() -> Mapping[str, Any]:
    return {"dates": dates}


VIEW = StepView(
    label=_l("Wait until a date"),
    icon="clock",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    hours=lambda _until: 24,  # how long is not known before somebody comes to it
    choices=_choices,
    problems={
        "no_such_date": _l(
            "Arrival and departure are known where guests enter by a stay, a birthday or another date of the guest "
            "where by that."
        ),
        "hours_of_birthday": _l("From a birthday count days, not hours."),
        "date": _l("Choose the date from the list."),
        "days": _l("The days are a whole number from 0 to 365."),
        "hours": _l("The hours are a whole number from 0 to 720."),
        "hour": _l("Write the hour as 10:00."),
    },
)
