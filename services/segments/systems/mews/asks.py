"""How Mews is asked, and what its webhooks say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.segments.rules.systems import Pace, SystemKind
from services.segments.systems import values as read
from services.segments.systems.mews.bodies import customer_of, statement_of, totals_of
from services.segments.systems.question import Asks, Question, Token
from services.segments.systems.system import Changes, Credential, Fetched, Profile, Told
from services.segments.systems.values import Document, NotRead, items, part
from services.segments.systems.windows import window_of

API = "/api/connector/v1"
RESERVATIONS, CUSTOMERS, ITEMS = "reservations/getAll/2023-06-06", "customers/getAll", "orderItems/getAll"
CLIENT = "Guestloop 1.0"
AT_ONCE, ON_A_PAGE = 100, 1000
LONGEST = timedelta(days=89)
TOLD = {"ServiceOrderUpdated": "reservation", "CustomerAdded": "customer", "CustomerUpdated": "customer"}


class Mews:
    profile = Profile(
        kind=SystemKind.MEWS,
        credentials=(
            Credential("client_token", "ClientToken"),
            Credential("access_token", "AccessToken"),
        ),
        address="https://api.mews.com",
        hotel_example="8a51f050-8467-4e92-84d5-abc800c810b8",
        pace=Pace(50, timedelta(seconds=15)),
        every=timedelta(hours=4),
        at_once=AT_ONCE,
    )

    def heard(self, document: Document) -> Told:
        """Payments, rooms and messages are not needed here; a new customer is told twice and is one number."""
        found = (
            (TOLD.get(read.text(one.get("Discriminator")) or ""), read.text(part(one, "Value").get("Id")))
            for one in items(document, "Events")
        )
        return Told(frozenset(f"{kind}:{number}" for kind, number in found if kind and number))

    def token(self, asked: Question, credentials: Mapping[str, str]) -> Question | None:
        return None

    def token_of(self, answer: Any, now: datetime) -> Token:
        raise NotRead("no token is asked for")

    def signed(self, question: Question, credentials: Mapping[str, str], token: str) -> Question:
        known = {"ClientToken": credentials["client_token"], "AccessToken": credentials["access_token"]}
        return Question(question.path, "POST", json={**known, "Client": CLIENT, **question.json})

    def changes(self, asking: Asks, cursor: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        """A window may be three months long; the past is several of them."""
        window = window_of(cursor, since, now, first=None, longest=LONGEST)
        wanted = {"UpdatedUtc": {"StartUtc": _utc(window.begins), "EndUtc": _utc(window.ends)}}
        answer = _page(asking, RESERVATIONS, wanted, window.page)
        found = [f"reservation:{number}" for number in _ids(items(answer, "Reservations"), "Id")]
        following = read.text(part(answer).get("Cursor"))
        if following and found:
            return Changes(found, window.cursor(following), False)
        return Changes(found, window.after(), window.ends >= now)

    def fetch(self, asking: Asks, entities: Sequence[str]) -> list[Fetched]:
        """Customers lead to their reservations, which lead to their customers."""
        numbers = {kind: [one.partition(":")[2] for one in entities if one.startswith(kind)] for kind in ("r", "c")}
        fetched = self._of_customers(asking, numbers["c"]) if numbers["c"] else []
        return fetched + (self._of_reservations(asking, numbers["r"]) if numbers["r"] else [])

    def _of_customers(self, asking: Asks, numbers: Sequence[str]) -> list[Fetched]:
        known = _all(asking, RESERVATIONS, {"AccountIds": list(numbers)}, "Reservations")
        theirs = {number: [one for one in known if customer_of(one) == number] for number in numbers}
        return [
            Fetched(f"customer:{number}", further=[f"reservation:{one}" for one in _ids(theirs[number], "Id")])
            for number in numbers
        ]

    def _of_reservations(self, asking: Asks, numbers: Sequence[str]) -> list[Fetched]:
        known = _all(asking, RESERVATIONS, {"ReservationIds": list(numbers)}, "Reservations")
        found = {str(one.get("Id")): one for one in known}
        people = _customers(asking, {who for one in found.values() if (who := customer_of(one))})
        wanted = {"ServiceOrderIds": sorted(found)}
        totals = totals_of(_all(asking, ITEMS, wanted, "OrderItems")) if found else {}
        hotel = asking.hotels[0] if len(asking.hotels) == 1 else None  # one enterprise a token, or each says its own
        return [self._fetched(number, found.get(number), hotel, people, totals) for number in numbers]

    def _fetched(
        self, number: str, one: Document | None, hotel: str | None, people: Mapping[str, Document], totals: Any
    ) -> Fetched:
        entity = f"reservation:{number}"
        if one is None:
            return Fetched(entity, gone=True)
        try:
            person = people.get(customer_of(one) or "", {})
            place = read.needed(one.get("EnterpriseId") or hotel, "EnterpriseId")
            return Fetched(entity, [statement_of(one, place, person, totals)])
        except NotRead as error:
            return Fetched(entity, problem=error.field)


def _customers(asking: Asks, numbers: Iterable[str]) -> dict[str, Document]:
    """By the number that was asked for: whoever was merged there is who they were merged into."""
    found: dict[str, Document] = {}
    wanted = sorted(numbers)
    for _ in range(3):  # a merge of a merge
        if not wanted:
            break
        extent = {"Customers": True, "Documents": False, "Addresses": True}
        for one in _all(asking, CUSTOMERS, {"CustomerIds": wanted, "Extent": extent}, "Customers"):
            found[str(one.get("Id"))] = one
        targets = {target for one in found.values() if (target := read.text(one.get("MergeTargetId")))}
        wanted = sorted(targets - found.keys())
    return {number: _merged(number, found) for number in found}


def _merged(number: str, found: Mapping[str, Document]) -> Document:
    seen = set()
    while number not in seen and (target := read.text(found[number].get("MergeTargetId"))) in found:
        seen.add(number)
        number = str(target)
    return found[number]


def _all(asking: Asks, path: str, wanted: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Of all pages."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = _page(asking, path, wanted, cursor)
        some = items(answer, name)
        found += some
        following = read.text(part(answer).get("Cursor"))
        if not some or following is None or following == cursor:
            return found
        cursor = following


def _page(asking: Asks, path: str, wanted: Mapping[str, Any], cursor: Any) -> Any:
    limitation = {"Count": ON_A_PAGE, **({"Cursor": cursor} if cursor else {})}
    return asking.ask(Question(f"{API}/{path}", "POST", json={**wanted, "Limitation": limitation}))


def _ids(documents: Iterable[Document], name: str) -> list[str]:
    return [number for one in documents if (number := read.text(one.get(name)))]


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
