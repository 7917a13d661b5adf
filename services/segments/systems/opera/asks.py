"""How OPERA is asked: its queues of events, its reservations by arrival, one by number with its guest's profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.segments.rules.systems import Pace, SystemKind
from services.segments.systems import values as read
from services.segments.systems.oauth import client_of, token_in
from services.segments.systems.opera.bodies import changed_at, number_of, profile_number, statement_of
from services.segments.systems.question import Asks, Question, Token
from services.segments.systems.system import Changes, Credential, Fetched, Profile, Told
from services.segments.systems.values import Document, NotRead, in_path, items, part

EVENTS_AT_ONCE, ON_A_PAGE = 20, 100
SWEPT_EVERY = timedelta(hours=24)
AHEAD, STILL_THERE = timedelta(days=550), timedelta(days=35)
MARGIN = timedelta(days=2)
"""Of hours without an offset, and of what was changed while a look was taken."""


class Opera:
    profile = Profile(
        kind=SystemKind.OPERA,
        credentials=(
            Credential("app_key", "Application key (x-app-key)"),
            Credential("client_id", "Client ID"),
            Credential("client_secret", "Client secret"),
            Credential("user", "Integration user"),
            Credential("password", "Password"),
            Credential("external_system", "External system code"),
        ),
        address="",
        hotel_example="HOTEL1",
        pace=Pace(10, timedelta(seconds=2)),
        every=timedelta(minutes=5),
        door="",
    )

    def heard(self, document: Document) -> Told:
        """It tells nothing: its queue is read."""
        return Told()

    def token(self, asked: Question, credentials: Mapping[str, str]) -> Question | None:
        form = {"grant_type": "password", "username": credentials["user"], "password": credentials["password"]}
        question = Question("/oauth/v1/tokens", "POST", form=form)
        return question.with_headers(Authorization=client_of(credentials), x_app_key=credentials["app_key"])

    def token_of(self, answer: Any, now: datetime) -> Token:
        return token_in(answer, now)

    def signed(self, question: Question, credentials: Mapping[str, str], token: str) -> Question:
        return question.with_headers(Authorization=f"Bearer {token}", x_app_key=credentials["app_key"])

    def changes(self, asking: Asks, cursor: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        """The queue of each hotel until it is empty, and once a day its reservations."""
        place, swept = int(cursor.get("hotel", 0)), cursor.get("swept")
        kept = {name: cursor[name] for name in ("swept", "offset", "begun") if name in cursor}
        if place < len(asking.hotels):
            entities = self._events(asking, asking.hotels[place])
            following = place if entities is not None else place + 1
            return Changes(entities or (), {**kept, "hotel": following}, False)
        if swept is not None and now - datetime.fromisoformat(swept) < SWEPT_EVERY:
            return Changes((), kept, True)
        return self._sweep(asking, kept, since, now)

    def _events(self, asking: Asks, hotel: str) -> list[str] | None:
        """Numbers of reservations; None once the queue is empty."""
        path = f"/int/v1/externalSystem/{in_path(asking.credentials['external_system'])}/hotels/{in_path(hotel)}"
        question = Question(f"{path}/businessEvents", query=[("limit", str(EVENTS_AT_ONCE))]).with_headers(
            x_hotelid=hotel
        )
        answer = part(asking.ask(question))
        events = [part(one, "businessEvent", "header") for one in items(answer, "businessEventData")]
        if not events:
            return None
        numbers = [read.text(one.get("primaryKey")) for one in events if _is_of_reservation(one)]
        return [f"reservation:{number}:{hotel}" for number in numbers if number]

    def _sweep(self, asking: Asks, kept: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        """All that arrive, hotel by hotel and page by page; of these what changed since the last look."""
        place, offset = kept.get("offset", [0, 0])
        begun = kept.get("begun", now.isoformat())
        swept = {"swept": kept["swept"]} if "swept" in kept else {}
        if place >= len(asking.hotels):
            return Changes((), {"swept": begun}, True)
        hotel = asking.hotels[place]
        last = datetime.fromisoformat(kept["swept"]) if swept else None
        begins = since if last is None else now - STILL_THERE
        found = self._arrivals(asking, hotel, begins.date(), (now + AHEAD).date(), offset)
        numbers = [_number(one) for one in found if _changed_since(one, last)]
        entities = [f"reservation:{number}:{hotel}" for number in numbers if number]
        following = [place, offset + ON_A_PAGE] if len(found) == ON_A_PAGE else [place + 1, 0]
        cursor = {**swept, "hotel": len(asking.hotels), "offset": following, "begun": begun}
        return Changes(entities, cursor, False)

    def _arrivals(self, asking: Asks, hotel: str, begins: date, ends: date, offset: int) -> list[dict[str, Any]]:
        query = [
            ("arrivalStartDate", begins.isoformat()),
            ("arrivalEndDate", ends.isoformat()),
            ("limit", str(ON_A_PAGE)),
            ("offset", str(offset)),
        ]
        question = Question(f"/rsv/v1/hotels/{in_path(hotel)}/reservations", query=query).with_headers(x_hotelid=hotel)
        answer = part(asking.ask(question))
        return items(answer, "reservations", "reservationInfo") or items(answer, "reservations", "reservation")

    def fetch(self, asking: Asks, entities: Sequence[str]) -> list[Fetched]:
        return [self._fetched(asking, entity) for entity in entities]

    def _fetched(self, asking: Asks, entity: str) -> Fetched:
        _, number, hotel = entity.split(":", 2)
        path = f"/rsv/v1/hotels/{in_path(hotel)}/reservations/{in_path(number)}"
        answer = asking.ask(Question(path).with_headers(x_hotelid=hotel))
        found = items(part(answer), "reservations", "reservation")
        if not found:
            return Fetched(entity, gone=True)
        try:
            return Fetched(
                entity, [statement_of({"hotelId": hotel, **found[0]}, self._profile(asking, hotel, found[0]))]
            )
        except NotRead as error:
            return Fetched(entity, problem=error.field)

    def _profile(self, asking: Asks, hotel: str, reservation: Document) -> Document:
        """Addresses and consents stand with the profile alone."""
        number = profile_number(reservation)
        if number is None:
            return {}
        question = Question(f"/crm/v1/profiles/{in_path(number)}").with_headers(x_hotelid=hotel)
        answer = part(asking.ask(question))
        return part(answer, "profileDetails") or part(answer, "profile") or answer


def _is_of_reservation(header: Document) -> bool:
    """The module is a name, or a number where its examples have one; whose action says what it is of."""
    said = f"{header.get('moduleName')} {header.get('actionType')}".upper()
    return "RESERVATION" in said or "CHECK" in said


def _number(reservation: Document) -> str | None:
    try:
        return number_of(reservation)
    except NotRead:
        return None


def _changed_since(reservation: Document, last: datetime | None) -> bool:
    try:
        return last is None or changed_at(reservation) >= last - MARGIN
    except NotRead:
        return True
