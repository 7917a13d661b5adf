"""How Cloudbeds is asked, and what its webhooks say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.segments.rules.systems import Pace, SystemKind, SystemTrouble
from services.segments.systems import values as read
from services.segments.systems.asking import Unanswered
from services.segments.systems.cloudbeds.bodies import main_guest, statement_of
from services.segments.systems.question import Asks, Question, Token
from services.segments.systems.system import Changes, Credential, Fetched, Profile, Told
from services.segments.systems.values import Document, NotRead, items, part
from services.segments.systems.windows import window_of

API = "/api/v1.3"
ON_A_PAGE = 100
ANY_OFFSET = timedelta(hours=14)
"""Its hours have no offset: a window is wide enough for every hotel on earth."""


class Cloudbeds:
    profile = Profile(
        kind=SystemKind.CLOUDBEDS,
        credentials=(Credential("api_key", "API key"),),
        address="https://api.cloudbeds.com",
        hotel_example="12345",
        pace=Pace(5, timedelta(seconds=2)),
        every=timedelta(hours=1),
    )

    def heard(self, document: Document) -> Told:
        """`reservationID` or `reservationId`, by event."""
        known = {name.lower(): value for name, value in document.items()}
        number = read.text(known.get("reservationid"))
        hotel = read.text(known.get("propertyid_str")) or read.text(known.get("propertyid"))
        return Told(frozenset({f"reservation:{number}:{hotel}"}) if number and hotel else frozenset())

    def token(self, asked: Question, credentials: Mapping[str, str]) -> Question | None:
        return None

    def token_of(self, answer: Any, now: datetime) -> Token:
        raise NotRead("no token is asked for")

    def signed(self, question: Question, credentials: Mapping[str, str], token: str) -> Question:
        return question.with_headers(x_api_key=credentials["api_key"])

    def changes(self, asking: Asks, cursor: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        """One hotel after another, each by pages."""
        window = window_of(cursor, since, now, first=[0, 1])
        place, page = window.page
        if place >= len(asking.hotels):
            return Changes((), window.after(), True)
        hotel = asking.hotels[place]
        answer = _said(asking, "getReservations", [
            ("propertyID", hotel),
            ("modifiedFrom", _written(window.begins - ANY_OFFSET)),
            ("modifiedTo", _written(window.ends + ANY_OFFSET)),
            ("pageNumber", str(page)),
            ("pageSize", str(ON_A_PAGE)),
        ])  # fmt: skip
        found = items(answer, "data")
        numbers = [number for one in found if (number := read.text(one.get("reservationID")))]
        entities, count = [f"reservation:{number}:{hotel}" for number in numbers], read.count_any(answer.get("total"))
        if count is not None and window.shrank(count):
            return Changes(entities, window.cursor([place, 1]), False)
        if len(found) == ON_A_PAGE:
            return Changes(entities, window.cursor([place, page + 1], count), False)
        return Changes(entities, replace(window, count=None).cursor([place + 1, 1]), False)

    def fetch(self, asking: Asks, entities: Sequence[str]) -> list[Fetched]:
        return [self._fetched(asking, entity) for entity in entities]

    def _fetched(self, asking: Asks, entity: str) -> Fetched:
        _, number, hotel = entity.split(":", 2)
        answer = _said(asking, "getReservation", [("propertyID", hotel), ("reservationID", number)], may_lack=True)
        if not answer:
            return Fetched(entity, gone=True)
        found = {"propertyID": hotel, **part(answer, "data")}
        try:
            return Fetched(entity, [statement_of(found, self._guest(asking, hotel, main_guest(found)))])
        except NotRead as error:
            return Fetched(entity, problem=error.field)

    def _guest(self, asking: Asks, hotel: str, number: str | None) -> Document:
        """Consent stands with the guest alone; whoever was merged there is asked for by their new number."""
        found: Document = {}
        for _ in range(3):
            if not number:
                return found
            answer = _said(asking, "getGuest", [("propertyID", hotel), ("guestID", number)], may_lack=True)
            found = part(answer, "data")
            merged = str(found.get("isMerged")).lower() in ("true", "1")
            number = read.text(found.get("newGuestID")) if merged else None
        return found


def _said(asking: Asks, method: str, query: Sequence[tuple[str, str]], *, may_lack: bool = False) -> Document:
    """Its answer says in itself whether it is one: HTTP's status may be 200 all the same. `may_lack`: empty where it
    says that there is none."""
    answer = part(asking.ask(Question(f"{API}/{method}", query=query)))
    if answer.get("success") in (True, "true"):
        return answer
    if may_lack and (not answer or "not found" in str(answer.get("message")).lower()):
        return {}
    raise Unanswered(SystemTrouble.REFUSED)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
