"""The one loader of a case, and who may look after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from services.feedback.queries import cases as queries
from services.feedback.queries import guests
from shared.access.people import May, Person
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.web.access_control import me

CASES = Blueprint("feedback_cases", __name__, url_prefix="/feedback/cases")


class NoCase(NotFound):
    """There is no such case here."""


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form of the page, by its name, and what was typed into it."""

    form: str = ""
    found: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def of(self, form: str) -> Mapping[str, str]:
        return self.found if form == self.form else {}

    def said(self, form: str, name: str, else_: str = "") -> str:
        return self.typed.get(name, else_) if form == self.form else else_


def visible_case(tx: Tx, case_id: UUID) -> queries.CaseLine:
    """The case, where this person may see its hotel; its guest where it has none. Raises `NoCase`."""
    case = queries.case(tx, case_id, me().scope)
    if case is None:
        raise NoCase()
    return case


def hands_of(tx: Tx, case: queries.CaseLine) -> list[Person]:
    """Who may be responsible for the case: whoever sees it and cares for guests."""
    hotels = [case.property] if case.property else guests.hotels_of(tx, case.guest_id)
    return [one for one in guests.staff(tx) if one.may(May.CARE) and one.scope.meets(hotels)]


def hand(tx: Tx, case: queries.CaseLine, person_id: UUID, what: May, problem: str) -> Person:
    """One of them, who may do that as well. Raises `InputError` with the problem."""
    found = next((one for one in hands_of(tx, case) if one.person_id == person_id and one.may(what)), None)
    if found is None:
        raise InputError(problems={"person": problem})
    return found


def back_to(case_id: UUID) -> Response:
    return redirect(f"/feedback/cases/{case_id}", 303)


def form_with_problems(response: str) -> Response:
    """A page whose form shows what is wrong with it."""
    return Response(response, 422, content_type="text/html; charset=utf-8")
