"""Who waits for an answer, and how long still? The list of cases."""

from __future__ import annotations

from flask import render_template, request

from services.feedback.pages import labels
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import CASES
from services.feedback.pages.guest_words import Words, holds_contacts
from services.feedback.pages.places import place_in, place_of
from services.feedback.queries import cases as queries
from services.feedback.store.care.terms import cares_of
from shared.access.people import May
from shared.vocabulary.case import CaseKind
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import listed
from shared.web.site import here

VIEWS = ("open", "mine", "nobodys", "closed")


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
        filters = {"view": asked.view, "kind": asked.kind, "later_page": asked.after is not None}
        holders = [case.guest_id for case in page if holds_contacts(case.words_sealed)]
        cares = cares_of(tx, {case.property for case in page} | {hotel.code for hotel in my_hotels()})
        contacts = listed(tx, "cases.listed", "cases", filters, lines=len(page), holders=holders)
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
        told=told,
        cares=cares,
        departments=told.departments(cares),
        contacts=contacts,
        visible_words=words,
        hidden=[case.case_id for case in page if words.hides(case.words_sealed, case.guest_id)],
    )


def _filter() -> queries.CaseFilter:
    view, kind = request.args.get("view", "open"), request.args.get("kind", "")
    return queries.CaseFilter(
        view=view if view in VIEWS else "open",
        kind=kind if kind in list(CaseKind) else "",
        department=request.args.get("department", "")[:40],
        scope=scope(),
        me=me().person_id,
        after=place_in(request.args.get("after", "")),
    )


def _key(line: queries.CaseLine) -> str:
    return place_of(line.closed_at or line.deadline, line.case_id)
