"""Changes to a case: its owner, its notes, where it belongs, closing it and opening it again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.cases import (
    assign_case,
    close_case,
    level_case,
    note_on_case,
    place_case,
    reopen_case,
)
from services.feedback.pages.cases.case import page_of
from services.feedback.pages.cases.seen import Problems, back_to, form_with_problems, hand, visible_case
from services.feedback.queries.cases import CaseLine
from services.feedback.rules.cases import Outcome
from services.feedback.schemas import ClosureForm, NoteForm, OwnerForm, PlaceForm, VersionForm, need, read
from services.feedback.store.care.terms import care_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.case import Contentment
from shared.web.access_control import me, needs
from shared.web.site import here

CHANGES = Blueprint("feedback_case_changes", __name__, url_prefix="/feedback/cases/<uuid:case_id>")


@CHANGES.post("/owner")
@needs(May.CARE)
def own(case_id: UUID) -> Response:
    values, now = need(OwnerForm(), request.form), here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        problem = gettext("Choose somebody who looks after this hotel's guests.")
        owner = hand(tx, case, values["owner"], May.CARE, problem)
        assign_case(tx, case_id, values["version"], owner.person_id, owner.name, now, by=me().name)
        record(tx, me(), "case.assigned", f"case {case_id}", {"owner": owner.name}, now)
    flash(gettext("%(name)s is responsible for this case now.", name=owner.name))
    return back_to(case_id)


@CHANGES.post("/notes")
@needs(May.CARE)
def note(case_id: UUID) -> Response:
    values, problems = read(NoteForm(), request.form)
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        if problems:
            return form_with_problems(page_of(tx, case, Problems("note", problems, request.form)))
        if note_on_case(tx, case_id, values["note"], values["words"], here().now(), by=me().name):
            record(tx, me(), "case.noted", f"case {case_id}", {}, here().now())
    return back_to(case_id)


@CHANGES.post("/place")
@needs(May.CARE)
def place(case_id: UUID) -> Response:
    """Department, matter, room and level, as far as they differ."""
    values, problems = read(PlaceForm(), request.form)
    now = here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        if problems:
            return form_with_problems(page_of(tx, case, Problems("place", problems, request.form)))
        wanted = _wanted(tx, case, values)
        had = {name: getattr(case, name) for name in wanted}
        version = values["version"]
        version += place_case(tx, case_id, version, wanted, had, now, by=me().name)
        if values["level"] and values["level"] != case.level:
            level_case(tx, case_id, version, values["level"], now, by=me().name, hotel=case.property)
        record(tx, me(), "case.placed", f"case {case_id}", {"department": wanted["department"]}, now)
    return back_to(case_id)


def _wanted(tx: Tx, case: CaseLine, values: dict[str, str | None]) -> dict[str, str | None]:
    """Raises `InputError` where the hotel has no such department or matter: only a forged form names one."""
    care = care_of(tx, case.property)
    for which in ("department", "matter"):
        if values[which] and values[which] not in care.every(which):
            raise InputError(problems={which: gettext("This hotel has no such entry.")})
    return {name: values[name] for name in ("department", "matter", "room")}


@CHANGES.post("/closure")
@needs(May.CLOSE_CASES)
def close(case_id: UUID) -> Response:
    values, now = need(ClosureForm(), request.form), here().now()
    with here().transaction() as tx:
        visible_case(tx, case_id)
        outcome = Outcome(values["outcome"])
        close_case(
            tx,
            case_id,
            outcome,
            now,
            by=me().name,
            words=values["words"],
            version=values["version"],
            content=Contentment(values["content"]) if values["content"] else None,
        )
        record(tx, me(), "case.closed", f"case {case_id}", {"outcome": outcome}, now)
    flash(gettext("The case is closed."))
    return back_to(case_id)


@CHANGES.post("/reopening")
@needs(May.CARE)
def reopen(case_id: UUID) -> Response:
    values, now = need(VersionForm(), request.form), here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        reopen_case(tx, case_id, values["version"], now, by=me().name, level=case.level, hotel=case.property)
        record(tx, me(), "case.reopened", f"case {case_id}", {}, now)
    flash(gettext("The case is open again."))
    return back_to(case_id)
