"""Two cases about one thing become one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.cases.merging import merge_case
from services.feedback.pages.cases.seen import back_to, visible_case
from services.feedback.queries import guests
from services.feedback.schemas import MergingForm, need
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.case import CaseKind
from shared.web.access_control import me, needs
from shared.web.site import here

MERGING = Blueprint("feedback_case_merging", __name__, url_prefix="/feedback/cases/<uuid:case_id>")


@MERGING.post("/merging")
@needs(May.CARE)
def merge(case_id: UUID) -> Response:
    """Into another open case of the same guest."""
    values, now = need(MergingForm(), request.form), here().now()
    with here().transaction() as tx:
        case, into = visible_case(tx, case_id), visible_case(tx, values["into"])
        if into.case_id == case_id or into.guest_id not in guests.same_person(tx, case.guest_id):
            raise InputError(problems={"into": gettext("Only cases of one guest become one.")})
        if case.kind == CaseKind.COMPLAINT and into.kind != CaseKind.COMPLAINT:  # its pause would end with it
            raise InputError(problems={"into": gettext("A complaint takes the other case in: merge that one into it.")})
        merge_case(tx, case_id, values["version"], into.case_id, now, by=me().name)
        record(tx, me(), "case.merged", f"case {case_id}", {"into": str(into.case_id)}, now)
    flash(gettext("The case goes on here."))
    return back_to(into.case_id)
