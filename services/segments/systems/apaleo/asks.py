"""How Apaleo is asked, and what its webhooks say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.segments.rules.systems import Pace, SystemKind
from services.segments.systems import values as read
from services.segments.systems.apaleo.bodies import numbers_of, statement_of
from services.segments.systems.oauth import client_of, token_in
from services.segments.systems.question import Asks, Question, Token
from services.segments.systems.system import Changes, Credential, Fetched, Profile, Told
from services.segments.systems.values import Document, NotRead, part
from services.segments.systems.windows import Window, window_of

TOKENS = "/connect/token"
IDENTITY = "https://identity.apaleo.com"
ON_A_PAGE = 100
TOPICS = {"reservation": "reservation", "booking": "booking"}


class Apaleo:
    profile = Profile(
        kind=SystemKind.APALEO,
        credentials=(
            Credential("client_id", "Client ID"),
            Credential("client_secret", "Client secret"),
            Credential("identity", "Identity server", default=IDENTITY),
        ),
        address="https://api.apaleo.com",
        hotel_example="MUC",
        pace=Pace(20, timedelta(seconds=4)),
        every=timedelta(hours=1),
    )

    def heard(self, document: Document) -> Told:
        """Health checks, folios and night audits name nothing that is needed; kinds are added as Apaleo likes."""
        kind = TOPICS.get((read.text(document.get("topic")) or "").lower())
        number = read.text(part(document, "data").get("entityId"))
        return Told(frozenset({f"{kind}:{number}"}) if kind and number else frozenset())

    def token(self, asked: Question, credentials: Mapping[str, str]) -> Question | None:
        address = credentials["identity"].rstrip("/") + TOKENS
        question = Question(address, "POST", form={"grant_type": "client_credentials"})
        return question.with_headers(Authorization=client_of(credentials))

    def token_of(self, answer: Any, now: datetime) -> Token:
        return token_in(answer, now)

    def signed(self, question: Question, credentials: Mapping[str, str], token: str) -> Question:
        return question.with_headers(Authorization=f"Bearer {token}")

    def changes(self, asking: Asks, cursor: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        window = window_of(cursor, since, now)
        answer = asking.ask(Question("/booking/v1/reservations", query=_page(window)))
        found = [number for one in read.items(answer, "reservations") if (number := read.text(one.get("id")))]
        entities = [f"reservation:{number}" for number in found]
        count = int(read.amount(part(answer).get("count")) or 0)
        if window.shrank(count):
            return Changes(entities, window.cursor(1), False)
        if not found or window.page * ON_A_PAGE >= count:
            return Changes(entities, window.after(), True)
        return Changes(entities, window.cursor(window.page + 1, count), False)

    def fetch(self, asking: Asks, entities: Sequence[str]) -> list[Fetched]:
        return [self._fetched(asking, entity) for entity in entities]

    def _fetched(self, asking: Asks, entity: str) -> Fetched:
        kind, _, number = entity.partition(":")
        if kind == "booking":
            found = asking.ask(
                Question(f"/booking/v1/bookings/{read.in_path(number)}", query=[("expand", "reservations")])
            )
            further = [f"reservation:{one}" for one in numbers_of(part(found))]
            return Fetched(entity, further=further, gone=found is None)
        found = asking.ask(Question(f"/booking/v1/reservations/{read.in_path(number)}"))
        if found is None:
            return Fetched(entity, gone=True)
        try:
            return Fetched(entity, [statement_of(part(found))])
        except NotRead as error:
            return Fetched(entity, problem=error.field)


def _page(window: Window) -> list[tuple[str, str]]:
    return [
        ("dateFilter", "Modification"),
        ("from", window.begins.isoformat().replace("+00:00", "Z")),
        ("to", window.ends.isoformat().replace("+00:00", "Z")),
        ("pageNumber", str(window.page)),
        ("pageSize", str(ON_A_PAGE)),
    ]
