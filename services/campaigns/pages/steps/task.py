"""A task for the staff: what is to be done, by which department and by when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, length
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, whole
from services.campaigns.steps.kind import Document

DEPARTMENTS = {
    "front_desk": _l("Front desk"),
    "housekeeping": _l("Housekeeping"),
    "engineering": _l("Engineering"),
    "food": _l("Restaurant and bar"),
    "spa": _l("Spa and leisure"),
    "security": _l("Security"),
    "management": _l("Management"),
}
"""Those that every hotel begins with; a hotel may call them otherwise."""


def _sentence(task: Document, _names: Names) -> str:
    return str(gettext("Task for the staff: %(title)s", title=task["title"] or "…"))


def _more(task: Document) -> str:
    department = DEPARTMENTS.get(task["department"], task["department"])
    return str(gettext("%(department)s, within %(length)s", department=department, length=length(task["within"])))


def _whole(task: Document, names: Names, _ways: Ways) -> str:
    return "; ".join((_sentence(task, names), _more(task)))


def _read(form: Form) -> Document:
    return {
        "title": form.get("title").strip(),
        "department": form.get("department", "front_desk"),
        "within": {name: whole(form.get(f"within_{name}") or "0") for name in ("days", "hours")},
    }


def _choices() -> Mapping[str, Any]:
    return {"departments": DEPARTMENTS}


VIEW = StepView(
    label=_l("Task for the staff"),
    icon="tick",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    more=_more,
    choices=_choices,
    problems={
        "title": _l("Say what is to be done, in at most 200 letters."),
        "department": _l("Choose the department."),
        "within": _l("Say by when: within some hours or days, 90 days at most."),
    },
)
