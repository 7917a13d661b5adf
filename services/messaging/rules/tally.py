"""What has reached a guest and a contact point lately, with what this claim adds: caps, households, priority."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.rules.facts import Contact, Guest, Point, Reached, Request
from services.messaging.rules.house import AS_USUAL, Cap, HouseRules
from shared.ids import draw
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason

A_HOUSEHOLD_A_DAY = timedelta(hours=24)
A_MONTH = timedelta(days=30)


class Tally:
    """Begins with what is stored and grows by every message the claim lets through."""

    def __init__(
        self,
        contacts: Iterable[Contact],
        reached: Iterable[Reached],
        *,
        most: int,
        within: timedelta,
        house: HouseRules = AS_USUAL,
    ) -> None:
        self._usual, self._house = Cap(most, within), house
        self._contacts: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        self._reached: defaultdict[tuple[str, str], list[Reached]] = defaultdict(list)
        self._marketed: set[UUID] = set()
        self._surveyed: defaultdict[tuple[str, UUID], set[UUID]] = defaultdict(set)
        for contact in contacts:
            self._contacts[contact.kind, contact.key].append(contact.at)
        for reach in reached:
            self._reached[reach.journey, reach.point].append(reach)

    def refusal(self, request: Request, guest: Guest, point: Point, now: datetime) -> Reason | None:
        """The gate's fifth step: household, priority, cap, the guest's own cap, holdout."""
        if "once_a_household" in request.wants and self._household_reached(request, point, now):
            return Reason.HOUSEHOLD
        if request.purpose == Purpose.MARKETING and guest.guest_id in self._marketed:
            return Reason.PRIORITY
        if request.purpose == Purpose.MARKETING and self._at_the_cap(guest, point, now):
            return Reason.FREQUENCY_CAP
        if request.purpose == Purpose.MARKETING and guest.once_a_month and self._had_this_month(guest, now):
            return Reason.ONCE_A_MONTH
        if held_out(request.journey, guest.guest_id, request.holdout):
            return Reason.HOLDOUT
        return None

    def note(self, request: Request, guest: Guest, point: Point, now: datetime) -> None:
        """The message is to be sent: it counts for what comes after it in this claim."""
        self._reached[request.journey, point.point].append(Reached(request.journey, point.point, guest.guest_id, now))
        if request.purpose == Purpose.FEEDBACK and request.stay_id:
            self._surveyed[request.journey, guest.guest_id].add(request.stay_id)
        if request.purpose == Purpose.MARKETING:
            self._marketed.add(guest.guest_id)
            self._contacts["guest", str(guest.guest_id)].append(now)
            self._contacts["point", point.point].append(now)

    def surveyed(self, request: Request, guest: Guest) -> set[UUID]:
        """The guest's stays that this journey has already asked about."""
        before = {stay_id for journey, stay_id in guest.surveyed if journey == request.journey}
        return before | self._surveyed.get((request.journey, guest.guest_id), set())

    def _household_reached(self, request: Request, point: Point, now: datetime) -> bool:
        return any(
            reach.guest_id != request.guest_id and reach.at > now - A_HOUSEHOLD_A_DAY
            for reach in self._reached[request.journey, point.point]
        )

    def _at_the_cap(self, guest: Guest, point: Point, now: datetime) -> bool:
        """Contact N+1 only once the N-th newest is old enough, for the guest and for the contact point. The cap is that
        of the guest's country."""
        cap = self._house.cap_of(guest.country, self._usual)
        since = now - cap.within
        return any(
            sum(at > since for at in self._contacts[key]) >= cap.most
            for key in (("guest", str(guest.guest_id)), ("point", point.point))
        )

    def _had_this_month(self, guest: Guest, now: datetime) -> bool:
        return any(at > now - A_MONTH for at in self._contacts["guest", str(guest.guest_id)])


def held_out(journey: str, guest_id: UUID, per_cent: int) -> bool:
    """The same guests every time, so that the lift compares like with like."""
    return per_cent > 0 and draw(journey, guest_id) % 100 < per_cent
