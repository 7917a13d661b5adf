"""Changes to a case: its owner, its notes, closing it and opening it again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.cases import assign_case, close_case, note_on_case, reopen_case
from services.feedback.pages.cases import form_with_problems, hands_of, page_of, visible_case
from services.feedback.rules.cases import Outcome
from services.feedback.schemas import ClosureForm, NoteForm, OwnerForm, VersionForm, need, read
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

CHANGES = Blueprint("feedback_case_changes", __name__, url_prefix="/feedback/cases/<uuid:case_id>")


@CHANGES.post("/owner")
@needs(May.CARE)
def own(case_id: UUID) -> Response:
    values, now = need(OwnerForm(), request.form), here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        owner = next((one for one in hands_of(tx, case) if one.person_id == values["owner"]), None)
        if owner is None:
            raise InputError(problems={"owner": gettext("Choose somebody who looks after this hotel's guests.")})
        assign_case(tx, case_id, values["version"], owner.person_id, owner.name, now, by=me().name)
        record(tx, me(), "case.assigned", f"case {case_id}", {"owner": owner.name}, now)
    flash(gettext("%(name)s is responsible for this case now.", name=owner.name))
    return _back(case_id)


@CHANGES.post("/notes")
@needs(May.CARE)
def note(case_id: UUID) -> Response:
    values, problems = read(NoteForm(), request.form)
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        if problems:
            return form_with_problems(page_of(tx, case, problems, request.form.get("words", "")))
        if note_on_case(tx, case_id, values["note"], values["words"], here().now(), by=me().name):
            record(tx, me(), "case.noted", f"case {case_id}", {}, here().now())
    return _back(case_id)


@CHANGES.post("/closure")
@needs(May.CLOSE_CASES)
def close(case_id: UUID) -> Response:
    values, now = need(ClosureForm(), request.form), here().now()
    with here().transaction() as tx:
        visible_case(tx, case_id)
        outcome = Outcome(values["outcome"])
        close_case(tx, case_id, outcome, now, by=me().name, words=values["words"], version=values["version"])
        record(tx, me(), "case.closed", f"case {case_id}", {"outcome": outcome}, now)
    flash(gettext("The case is closed."))
    return _back(case_id)


@CHANGES.post("/reopening")
@needs(May.CARE)
def reopen(case_id: UUID) -> Response:
    values, now = need(VersionForm(), request.form), here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        reopen_case(tx, case_id, values["version"], case.level, now, by=me().name)
        record(tx, me(), "case.reopened", f"case {case_id}", {}, now)
    flash(gettext("The case is open again."))
    return _back(case_id)


def _back(case_id: UUID) -> Response:
    return redirect(f"/feedback/cases/{case_id}", 303)
