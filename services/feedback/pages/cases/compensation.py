"""What guests were given for what went wrong: of one case, and in all by month. Sums are by currency, never across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel import dates
from flask import Blueprint, flash, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.cases.compensation import compensate, withdraw_compensation
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.case import page_of
from services.feedback.pages.cases.seen import Problems, back_to, form_with_problems, hand, visible_case
from services.feedback.queries.care.sums import MonthLine, compensation_by_month
from services.feedback.queries.cases import CaseLine
from services.feedback.schemas import CompensationForm, read
from services.feedback.store.care.compensation import Given
from shared.access.audit import record
from shared.access.people import May, Person
from shared.errors import InputError
from shared.localtime import local_date
from shared.web.access_control import me, needs, scope
from shared.web.i18n.languages import locale
from shared.web.site import here

COMPENSATION = Blueprint("feedback_compensation", __name__, url_prefix="/feedback")
MONTHS = 12


@COMPENSATION.post("/cases/<uuid:case_id>/compensation")
@needs(May.CLOSE_CASES)
def give(case_id: UUID) -> Response:
    values, problems = read(CompensationForm(), request.form)
    now = here().now()
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        if problems:
            return form_with_problems(page_of(tx, case, Problems("compensation", problems, request.form)))
        try:
            approver = hand(tx, case, values["approver"], May.CLOSE_CASES, "approver")
        except InputError:
            wrong = Problems("compensation", {"approver": "approver"}, request.form)
            return form_with_problems(page_of(tx, case, wrong))
        given = _given(case, values, approver, now)
        if compensate(tx, given):
            details = {"kind": given.kind, "amount": str(given.amount or ""), "currency": given.currency or ""}
            record(tx, me(), "case.compensated", f"case {case_id}", {**details, "approved_by": approver.name}, now)
    flash(gettext("Recorded, as approved by %(name)s.", name=approver.name))
    return back_to(case_id)


def _given(case: CaseLine, values: Mapping[str, Any], approver: Person, now: datetime) -> Given:
    return Given(
        compensation_id=values["id"],
        case_id=case.case_id,
        property=case.property,
        kind=values["kind"],
        amount=values["amount"],
        currency=values["currency"] if values["amount"] is not None else None,
        approved_by_id=approver.person_id,
        approved_by=approver.name,
        given_by=me().name,
        at=now,
        month=local_date(now, case.zone).replace(day=1),
    )


@COMPENSATION.post("/cases/<uuid:case_id>/compensation/<uuid:compensation_id>/withdrawal")
@needs(May.CLOSE_CASES)
def withdraw(case_id: UUID, compensation_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        visible_case(tx, case_id)
        withdraw_compensation(tx, case_id, compensation_id, now, by=me().name)
        record(tx, me(), "case.compensation_withdrawn", f"case {case_id}", {}, now)
    return back_to(case_id)


@COMPENSATION.get("/compensation")
@needs(May.SEE_FIGURES)
def sums() -> str:
    """By month of the hotel's calendar, the newest first."""
    with here().transaction() as tx:
        lines = compensation_by_month(tx, scope(), here().now().date(), MONTHS)
    return render_template(
        "compensation.html", lines=lines, totals=_totals(lines), months=MONTHS, told=told, month_name=_month
    )


def _totals(lines: Sequence[MonthLine]) -> list[tuple[date, str, str, Decimal]]:
    """By month, hotel and currency, where there is more than one kind to add up."""
    sums: defaultdict[tuple[date, str, str], list[Decimal]] = defaultdict(list)
    for line in lines:
        if line.currency and line.amount is not None:
            sums[line.month, line.hotel, line.currency].append(line.amount)
    return [(*key, sum(amounts, Decimal())) for key, amounts in sums.items() if len(amounts) > 1]


def _month(first: date) -> str:
    return str(dates.format_skeleton("yMMM", first, locale=locale()))
