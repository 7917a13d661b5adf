"""Apaleo as its papers have it: an OAuth client, reservations by number and by pages of what changed, webhooks."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.segments.systems.contract import Asked, Contract, Reply

CLIENT, SECRET = "GLHO-AC-GUESTLOOP", "for-nobody-else"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def reservation(number: int = 1, modified: int = 0, **changes: Any) -> dict[str, Any]:
    """Of number n, changed `modified` hours after it was made."""
    made = {
        "id": f"ABCDEFGH-{number}",
        "bookingId": "ABCDEFGH",
        "status": "Confirmed",
        "property": {"id": "MUC", "code": "MUC", "name": "Hotel München"},
        "ratePlan": {"id": "MUC-NONREF-SGL", "code": "NONREF", "name": "Non refundable"},
        "unitGroup": {"id": "MUC-SGL", "code": "SGL", "name": "Single"},
        "marketSegment": {"id": "MUC-LEI", "code": "LEI", "name": "Leisure"},
        "totalGrossAmount": {"amount": 319.4, "currency": "EUR"},
        "arrival": "2026-12-01T15:00:00+00:00",
        "departure": "2026-12-04T11:00:00+00:00",
        "created": "2026-11-02T09:00:00+00:00",
        "modified": stamp(modified),
        "adults": 2,
        "childrenAges": [4, 9],
        "channelCode": "BookingCom",
        "primaryGuest": {
            "title": "Mrs",
            "firstName": "Rita",
            "lastName": f"Cantu{number}",
            "email": f"rita{number}@example.com",
            "phone": f"+35191200010{number % 10}",
            "address": {"city": "Porto", "countryCode": "PT"},
            "nationalityCountryCode": "BR",
            "birthDate": "1981-11-26",
            "preferredLanguage": "pt",
        },
        "booker": {"lastName": "Agency", "email": "agency@example.com"},
        "paymentAccount": {"accountNumber": "411111xxxxxx1111", "isActive": True},
    }
    return {**made, **changes}


def stamp(hours: int) -> str:
    """So many hours after the start, as Apaleo writes it: in the offset of the hotel."""
    return (START + timedelta(hours=hours)).isoformat()


def event(number: str, kind: str = "changed", topic: str = "Reservation", at: Any = 1692268510605) -> dict[str, Any]:
    return {
        "topic": topic, "type": kind, "id": "c1b3a2f0-0000-4000-8000-000000000001", "accountId": "GLHO",
        "propertyId": "MUC", "timestamp": at, "data": {"entityId": number},
    }  # fmt: skip


class ApaleoContract(Contract):
    """`lasts`: seconds for which a token is good. `limit`: requests for which there is an answer at all."""

    def __init__(self) -> None:
        super().__init__()
        self.reservations: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        self.made = 0

    def put(self, *documents: dict[str, Any]) -> None:
        self.reservations |= {one["id"]: one for one in documents}

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": CLIENT, "client_secret": SECRET, "identity": self.url}

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/connect/token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401)
        if asked.path == "/booking/v1/reservations":
            return self._listed(asked)
        kind, _, number = asked.path.removeprefix("/booking/v1/").partition("/")
        if kind == "bookings":
            those = [{"id": one} for one in self.reservations if one.startswith(f"{number}-")]
            return Reply(body={"id": number, "reservations": those}) if those else Reply(404)
        found = self.reservations.get(number)
        return Reply(body=found) if found else Reply(404)

    def _token(self, asked: Asked) -> Reply:
        pair = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        if pair != f"{CLIENT}:{SECRET}" or asked.body != b"grant_type=client_credentials":
            return Reply(400, {"error": "invalid_client"})
        self.made += 1
        self.tokens = {f"token-{self.made}"}
        return Reply(body={"access_token": f"token-{self.made}", "expires_in": 3600, "token_type": "Bearer"})

    def _listed(self, asked: Asked) -> Reply:
        assert asked.query["dateFilter"] == "Modification"
        begins, ends = (datetime.fromisoformat(asked.query[name]) for name in ("from", "to"))
        those = [
            one
            for _, one in sorted(self.reservations.items())
            if begins <= datetime.fromisoformat(one["modified"]) <= ends
        ]
        size, page = int(asked.query["pageSize"]), int(asked.query["pageNumber"])
        some = those[(page - 1) * size : page * size]
        return Reply(body={"reservations": some, "count": len(those)}) if some else Reply(204)
