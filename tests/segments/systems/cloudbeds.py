"""Cloudbeds as its papers have it: answers say themselves whether they are one, numbers are text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.segments.systems.contract import Asked, Contract, Reply

KEY, HOTEL = "cbat_for_nobody_else", "12345"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def stamp(hours: int) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


def reservation(number: int = 1, modified: int = 0, **changes: Any) -> dict[str, Any]:
    guest = {
        "guestID": f"90{number}", "guestFirstName": "Rita", "guestLastName": f"Cantu{number}",
        "guestEmail": f"rita{number}@example.com", "guestPhone": "", "guestCellPhone": "+351912000123",
        "guestCountry": "PT", "guestBirthdate": "1981-11-26", "isMainGuest": True, "isAnonymized": False,
    }  # fmt: skip
    other = {"guestID": "77", "guestFirstName": "Second", "guestLastName": "Guest", "isMainGuest": False}
    room = {"roomTypeName": "Deluxe Double", "adults": "2", "children": "1", "startDate": "2026-12-01"}
    made = {
        "propertyID": HOTEL, "reservationID": f"3141592{number}", "status": "confirmed", "source": "Booking.com",
        "dateCreated": stamp(0), "dateModified": stamp(modified), "startDate": "2026-12-01", "endDate": "2026-12-04",
        "total": "312.50", "balance": "12.00", "guestList": {"77": other, f"90{number}": guest}, "assigned": [room],
        "unassigned": [],
    }  # fmt: skip
    return {**made, **changes}


def told(number: str, *, other_case: bool = False) -> dict[str, Any]:
    names = ("propertyId", "reservationId") if other_case else ("propertyID", "reservationID")
    said = {"version": "1.0", "event": "reservation/status_changed", "timestamp": 1611758157.431234}
    return {**said, names[0]: int(HOTEL), names[1]: number}


class CloudbedsContract(Contract):
    def __init__(self) -> None:
        super().__init__()
        self.reservations: dict[str, dict[str, Any]] = {}
        self.guests: dict[str, dict[str, Any]] = {}

    def put(self, *documents: dict[str, Any]) -> None:
        self.reservations |= {one["reservationID"]: one for one in documents}

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("x-api-key") != KEY:
            return Reply(401, {"success": False, "message": "Invalid API key"})
        query = asked.query
        assert query["propertyID"] == HOTEL
        match asked.path.removeprefix("/api/v1.3/"):
            case "getReservation":
                return self._one(self.reservations.get(query["reservationID"]))
            case "getGuest":
                return self._one(self.guests.get(query["guestID"]))
            case "getReservations":
                those = [
                    one
                    for _, one in sorted(self.reservations.items())
                    if query["modifiedFrom"] <= one["dateModified"] <= query["modifiedTo"]
                ]
                size, page = int(query["pageSize"]), int(query["pageNumber"])
                some = those[(page - 1) * size : page * size]
                return Reply(body={"success": True, "data": some, "count": len(some), "total": len(those)})
        return Reply(404)

    def _one(self, found: dict[str, Any] | None) -> Reply:
        if found is None:
            return Reply(200, {"success": False, "message": "Reservation not found"})
        return Reply(body={"success": True, "data": found})
