"""Who waits for an answer, and how long still? The list of cases, and each case with its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from services.feedback.pages import labels
from services.feedback.pages.guest_words import Words, holds_contacts
from services.feedback.queries import cases as queries
from services.feedback.queries import guests
from services.feedback.rules.cases import pauses_until
from shared.access.audit import record
from shared.access.people import May, Person
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.vocabulary.case import CaseKind
from shared.web.access_control import me, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import listed, on_the_page_of
from shared.web.site import here

CASES = Blueprint("feedback_cases", __name__, url_prefix="/feedback/cases")
VIEWS = ("open", "mine", "nobodys", "closed")


class NoCase(NotFound):
    """There is no such case here."""


@CASES.get("")
@CASES.get("/shown")
@CASES.post("/shown")
@needs(May.SEE_GUESTS)
def show() -> str:
    """A page of the list; posted, with the words in full that its form asks for."""
    asked, now = _filter(), here().now()
    with here().transaction() as tx:
        found = queries.cases(tx, asked)
        counts = queries.counts(tx, asked.scope, me().person_id, now)
        page, more = found[: queries.A_PAGE], found[queries.A_PAGE :]
        told = {"view": asked.view, "kind": asked.kind, "later_page": asked.after is not None}
        holders = [case.guest_id for case in page if holds_contacts(case.words_sealed)]
        contacts = listed(tx, "cases.listed", "cases", told, lines=len(page), holders=holders)
    words = Words(contacts)
    template = "_cases.html" if is_fragment() else "cases.html"
    return render_template(
        template,
        cases=page,
        counts=counts,
        asked=asked,
        next=_key(page[-1]) if more else "",
        now=now,
        labels=labels,
        contacts=contacts,
        visible_words=words,
        hidden=[case.case_id for case in page if words.hides(case.words_sealed, case.guest_id)],
    )


@CASES.get("/<uuid:case_id>")
@needs(May.SEE_GUESTS)
def one(case_id: UUID) -> str:
    with here().transaction() as tx:
        case = visible_case(tx, case_id)
        record(tx, me(), "case.viewed", f"case {case_id}", {"guest": str(case.guest_id)}, here().now())
        return page_of(tx, case, {})


def visible_case(tx: Tx, case_id: UUID) -> queries.CaseLine:
    """The case, where this person may see its hotel; its guest where it has none. Raises `NoCase`."""
    case = queries.case(tx, case_id, me().scope)
    if case is None:
        raise NoCase()
    return case


def page_of(tx: Tx, case: queries.CaseLine, problems: Mapping[str, str], typed: str = "") -> str:
    """`problems` and what was `typed`: of a note that could not be kept."""
    contacts = on_the_page_of(tx, case.guest_id)
    return render_template(
        "case.html",
        case=case,
        entries=queries.entries(tx, case.case_id),
        hands=hands_of(tx, case),
        pauses=pauses_until(CaseKind(case.kind), case.opened_at, is_open=case.closed_at is None),
        note=uuid4(),
        problems=problems,
        typed=typed,
        now=here().now(),
        labels=labels,
        contacts=contacts,
        visible_words=Words(contacts),
    )


def hands_of(tx: Tx, case: queries.CaseLine) -> list[Person]:
    """Who may be responsible for the case: whoever sees it and cares for guests."""
    hotels = [case.property] if case.property else guests.hotels_of(tx, case.guest_id)
    return [one for one in guests.staff(tx) if one.may(May.CARE) and one.scope.meets(hotels)]


def _filter() -> queries.CaseFilter:
    view, kind = request.args.get("view", "open"), request.args.get("kind", "")
    return queries.CaseFilter(
        view=view if view in VIEWS else "open",
        kind=kind if kind in list(CaseKind) else "",
        scope=scope(),
        me=me().person_id,
        after=_after(request.args.get("after", "")),
    )


def _key(line: queries.CaseLine) -> str:
    return f"{(line.closed_at or line.deadline).isoformat()}~{line.case_id}"


def _after(text: str) -> tuple[datetime, UUID] | None:
    at, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(key)
    except ValueError:
        return None


def form_with_problems(response: str) -> Response:
    """A page whose form shows what is wrong with it."""
    return Response(response, 422, content_type="text/html; charset=utf-8")
