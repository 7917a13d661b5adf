"""Mews as its papers have it: two tokens in each body, pages by cursor, windows of three months at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.segments.systems.contract import Asked, Contract, Reply

CREDENTIALS = {"client_token": "CLIENT-1", "access_token": "ACCESS-1"}
ENTERPRISE = "8a51f050-8467-4e92-84d5-abc800c810b8"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def stamp(hours: int) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def reservation(number: int = 1, updated: int = 0, **changes: Any) -> dict[str, Any]:
    made = {
        "Id": f"bfee2c44-{number}", "ServiceId": "bd26d8db",
        "AccountId": f"35d4b117-{number}", "AccountType": "Customer",
        "BookerId": None, "Number": str(50 + number), "State": "Confirmed", "Origin": "ChannelManager",
        "CreatedUtc": stamp(0), "UpdatedUtc": stamp(updated), "CancelledUtc": None, "CancellationReason": None,
        "ScheduledStartUtc": "2026-12-01T14:00:00Z", "ActualStartUtc": None,
        "ScheduledEndUtc": "2026-12-04T10:00:00Z", "ActualEndUtc": None,
        "PersonCounts": [{"AgeCategoryId": "1f67644f", "Count": 2}], "Purpose": "Leisure",
    }  # fmt: skip
    return {**made, **changes}


def customer(number: int = 1, **changes: Any) -> dict[str, Any]:
    made = {
        "Id": f"35d4b117-{number}", "FirstName": "Rita", "LastName": f"Cantu{number}", "Title": "Misses",
        "NationalityCode": "PT", "LanguageCode": "pt-PT", "BirthDate": "1981-11-26",
        "Email": f"rita{number}@example.com", "HasOtaEmail": False, "Phone": "+351912000123",
        "Options": ["SendMarketingEmails"], "MergeTargetId": None, "IsActive": True, "Classifications": [],
    }  # fmt: skip
    return {**made, **changes}


def item(number: int, value: float, currency: str = "EUR", **changes: Any) -> dict[str, Any]:
    amount = {"Currency": currency, "GrossValue": value, "NetValue": value}
    return {"Id": f"i-{number}-{value}", "ServiceOrderId": f"bfee2c44-{number}", "Amount": amount, **changes}


def told(*numbers: str, kind: str = "ServiceOrderUpdated") -> dict[str, Any]:
    events = [{"Discriminator": kind, "Value": {"Id": number}} for number in numbers]
    return {"EnterpriseId": ENTERPRISE, "IntegrationId": "c8bee838", "Events": events}


class MewsContract(Contract):
    """`page`: so many documents are on one, whatever is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.reservations: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.items: list[dict[str, Any]] = []
        self.page = 50

    def answer(self, asked: Asked) -> Reply:
        body = asked.json
        if (body["ClientToken"], body["AccessToken"]) != tuple(CREDENTIALS.values()) or not body["Client"]:
            return Reply(401, {"Message": "Invalid AccessToken"})
        match asked.path.removeprefix("/api/connector/v1/"):
            case "reservations/getAll/2023-06-06":
                return self._paged("Reservations", self._reservations(body), body)
            case "customers/getAll":
                wanted = [self.customers[one] for one in body["CustomerIds"] if one in self.customers]
                return self._paged("Customers", wanted, body)
            case "orderItems/getAll":
                wanted = [one for one in self.items if one["ServiceOrderId"] in body["ServiceOrderIds"]]
                return self._paged("OrderItems", wanted, body)
        return Reply(404)

    def _reservations(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        if "ReservationIds" in body:
            return [self.reservations[one] for one in body["ReservationIds"] if one in self.reservations]
        if "AccountIds" in body:
            return [one for one in self.reservations.values() if one["AccountId"] in body["AccountIds"]]
        begins, ends = (datetime.fromisoformat(body["UpdatedUtc"][name]) for name in ("StartUtc", "EndUtc"))
        assert ends - begins <= timedelta(days=92)
        return [
            one for one in self.reservations.values() if begins <= datetime.fromisoformat(one["UpdatedUtc"]) <= ends
        ]

    def _paged(self, name: str, found: list[dict[str, Any]], body: dict[str, Any]) -> Reply:
        assert 0 < body["Limitation"]["Count"] <= 1000
        after = int(body["Limitation"].get("Cursor", 0))
        some = found[after : after + self.page]
        return Reply(body={name: some, "Cursor": str(after + len(some)) if some else None})

    def put(self, *documents: dict[str, Any]) -> None:
        self.reservations |= {one["Id"]: one for one in documents}

    def put_people(self, *documents: dict[str, Any]) -> None:
        self.customers |= {one["Id"]: one for one in documents}
