"""OPERA (OHIP) as its specifications have it: a queue that reading empties, reservations, profiles, tokens."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.segments.systems.contract import Asked, Contract, Reply

HOTEL = "HOTEL1"
CREDENTIALS = {
    "app_key": "app-key-1", "client_id": "client", "client_secret": "for-nobody-else", "user": "GUESTLOOP",
    "password": "pass", "external_system": "GLOOP",
}  # fmt: skip
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def stamp(hours: int) -> str:
    """As OPERA writes it: without an offset."""
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S.0")


def reservation(number: int = 1, modified: int = 0, **changes: Any) -> dict[str, Any]:
    rate = {"roomType": "DLX", "ratePlanCode": "BAR", "marketCode": "TRAN", "sourceCode": "WEB", "start": "2026-12-01"}
    stay = {
        "arrivalDate": "2026-12-01", "departureDate": "2026-12-04", "roomRates": [rate],
        "guestCounts": {"adults": 2, "children": 1}, "total": {"amountAfterTax": 300, "currencyCode": "EUR"},
    }  # fmt: skip
    info = {"profileIdList": [{"id": f"5{number}", "type": "Profile"}], "profile": {"customer": {"personName": []}}}
    made = {
        "reservationIdList": [{"id": f"7000{number}", "type": "Reservation"}, {"id": "C1", "type": "Confirmation"}],
        "sourceOfSale": {"sourceType": "PMS", "sourceCode": HOTEL}, "roomStay": stay,
        "reservationGuests": [{"profileInfo": info, "primary": True}], "hotelId": HOTEL,
        "reservationStatus": "Reserved", "computedReservationStatus": "DueIn", "createDateTime": stamp(0),
        "lastModifyDateTime": stamp(modified),
    }  # fmt: skip
    room = {"roomStay": {**stay, **changes.pop("roomStay", {})}}
    return {**made, **room, **changes}


def profile(number: int = 1, privacy: dict[str, Any] | None = None, **customer: Any) -> dict[str, Any]:
    name = {"givenName": "Rita", "surname": f"Cantu{number}", "nameType": "Primary", "namePrefix": "Ms."}
    email = {"email": {"emailAddress": f"rita{number}@example.com", "type": "EMAIL", "primaryInd": True}}
    old = {"email": {"emailAddress": "old@example.com", "type": "EMAIL", "primaryInd": False}}
    phone = {"telephone": {"phoneNumber": "+351912000123", "phoneUseType": "MOBILE", "primaryInd": True}}
    known = {"personName": [name], "birthDate": "1981-11-26", "language": "P", "nationality": "PT", **customer}
    return {
        "profileDetails": {
            "customer": known, "emails": {"emailInfo": [old, email]}, "telephones": {"telephoneInfo": [phone]},
            "addresses": {"addressInfo": [{"address": {"country": {"code": "PT", "value": "Portugal"}}}]},
            "privacyInfo": privacy or {"allowEmail": True, "optInEmail": True, "allowSMS": True, "optInSms": True},
        }
    }  # fmt: skip


class OperaContract(Contract):
    """`queue`: of events, which reading empties."""

    def __init__(self) -> None:
        super().__init__()
        self.reservations: dict[str, dict[str, Any]] = {}
        self.profiles: dict[str, dict[str, Any]] = {}
        self.queue: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.made = 0

    def put(self, *documents: dict[str, Any], told: bool = True) -> None:
        for one in documents:
            number = one["reservationIdList"][0]["id"]
            self.reservations[number] = one
            if told:
                self.tell(number)

    def tell(self, number: str, action: str = "UPDATE RESERVATION", module: Any = "Reservation") -> None:
        header = {
            "moduleName": module, "actionType": action, "primaryKey": number, "hotelId": HOTEL,
            "createdDateTime": stamp(0),
        }  # fmt: skip
        event = {"header": header, "details": [{"dataElement": "STATUS", "newValue": "X"}]}
        self.queue.append({"businessEvent": event, "businessEventId": {"id": str(len(self.queue))}})

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("x-app-key") != CREDENTIALS["app_key"]:
            return Reply(403)
        if asked.path == "/oauth/v1/tokens":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401)
        assert asked.headers["x-hotelid"] == HOTEL
        match asked.path.strip("/").split("/"):
            case ["int", "v1", "externalSystem", "GLOOP", "hotels", _, "businessEvents"]:
                most = min(int(asked.query["limit"]), 20)
                some, self.queue = self.queue[:most], self.queue[most:]
                return Reply(body={"businessEventData": some}) if some else Reply(204)
            case ["rsv", "v1", "hotels", _, "reservations"]:
                return self._arrivals(asked)
            case ["rsv", "v1", "hotels", _, "reservations", number]:
                found = self.reservations.get(number)
                return Reply(body={"reservations": {"reservation": [found]}}) if found else Reply(404)
            case ["crm", "v1", "profiles", number]:
                return Reply(body=self.profiles[number]) if number in self.profiles else Reply(404)
        return Reply(404)

    def _token(self, asked: Asked) -> Reply:
        pair = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        wanted = {"grant_type": "password", "username": CREDENTIALS["user"], "password": CREDENTIALS["password"]}
        if pair != f"{CREDENTIALS['client_id']}:{CREDENTIALS['client_secret']}" or form != wanted:
            return Reply(401)
        self.made += 1
        self.tokens = {f"token-{self.made}"}
        return Reply(body={"access_token": f"token-{self.made}", "expires_in": 3600, "token_type": "Bearer"})

    def _arrivals(self, asked: Asked) -> Reply:
        begins, ends = asked.query["arrivalStartDate"], asked.query["arrivalEndDate"]
        those = [
            one for _, one in sorted(self.reservations.items()) if begins <= one["roomStay"]["arrivalDate"] <= ends
        ]
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        return Reply(body={"reservations": {"reservationInfo": those[offset : offset + limit]}})
