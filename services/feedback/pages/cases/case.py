"""One case: who waits and why, who was called, what was done, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import render_template
from markupsafe import Markup

from services.feedback.pages import labels
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import CASES, Problems, hands_of, visible_case
from services.feedback.pages.guest_words import Words
from services.feedback.pages.staff.tasks import title_of
from services.feedback.pages.surveys.given import Said, said_with
from services.feedback.queries import cases as queries
from services.feedback.queries import guests
from services.feedback.queries.care import around, tasks
from services.feedback.rules.cases import MOST_PICTURES, pauses_until
from services.feedback.store.care.terms import care_of, cares_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.case import CaseKind
from shared.vocabulary.currency import codes_in_use
from shared.web.access_control import me, needs
from shared.web.contacts import on_the_page_of
from shared.web.i18n.formatting import currency_name
from shared.web.site import ask_neighbours, here

Line = TypeVar("Line", queries.EntryLine, around.PictureLine)


@CASES.get("/<uuid:case_id>")
@needs(May.SEE_GUESTS)
def one(case_id: UUID) -> str:
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        record(tx, me(), "case.viewed", f"case {case_id}", {"guest": str(case.guest_id)}, here().now())
        values = values_of(tx, case)
    return render_template("case.html", **values, reach=_reach(case.guest_id))


def page_of(tx: Tx, case: queries.CaseLine, problems: Problems) -> str:
    """The page with a form that could not be taken."""
    return render_template("case.html", **values_of(tx, case, problems), reach="")


def values_of(tx: Tx, case: queries.CaseLine, problems: Problems | None = None) -> dict[str, Any]:
    contacts, hands = on_the_page_of(tx, case.guest_id), hands_of(tx, case)
    same = guests.same_person(tx, case.guest_id)
    merged = around.merged_into(tx, case.case_id, me().scope)
    cases = [case.case_id, *(one.case_id for one in merged)]
    entries, pictures = queries.entries(tx, cases), around.pictures(tx, cases)
    return {
        "case": case,
        "care": care_of(tx, case.property),
        "said": _said(tx, case),
        "entries": _of(entries, case.case_id),
        "hands": hands,
        "approvers": [one for one in hands if one.may(May.CLOSE_CASES)],
        "pauses": pauses_until(CaseKind(case.kind), case.opened_at, is_open=case.closed_at is None),
        "rings": told.rings(around.calls(tx, case.case_id)),
        "compensations": around.compensations(tx, case.case_id),
        "pictures": _of(pictures, case.case_id),
        "merged": [(one, _of(pictures, one.case_id), _of(entries, one.case_id)) for one in merged],
        "others": around.others_open(tx, case.case_id, same, me().scope),
        "tasks": tasks.of_case(tx, case.case_id, me().scope),
        "currencies": [(code, f"{code} · {currency_name(code)}") for code in codes_in_use()],
        "most_pictures": MOST_PICTURES,
        "form_id": uuid4(),
        "title_of": title_of,
        "problems": problems or Problems(),
        "now": here().now(),
        "labels": labels,
        "told": told,
        "contacts": contacts,
        "visible_words": Words(contacts),
    }


def _said(tx: Tx, case: queries.CaseLine) -> Sequence[Said]:
    """What was answered beside the score that the case arises from."""
    if case.source_id is None:
        return ()
    return said_with(tx, [case.source_id], cares_of(tx, [case.property])).get(case.source_id, ())


def _of(lines: Sequence[Line], case_id: UUID) -> list[Line]:
    return [one for one in lines if one.case_id == case_id]


def _reach(guest_id: UUID) -> Markup:
    """How the guest is reached, as segments shows it to this reader; nothing where it is silent. No transaction is open
    while it is asked."""
    path = f"/segments/guests/{guest_id}/reach"
    answer = ask_neighbours([path])[path]
    return Markup(answer["html"]) if isinstance(answer, Mapping) else Markup("")
