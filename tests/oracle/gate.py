"""Who gets what is planned, who does not and why: the refusals in their order, then the holds."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.oracle.contacts import alias_of, country_of_number
from tests.oracle.hours import Hours, marketing_mail_hours, property_hours, text_hours
from tests.oracle.places import PROPERTY_COUNTRY, PROPERTY_ZONE, local
from tests.oracle.plans import Plan, in_year

REASONS = (
    "no_contact_point",
    "masked_address",
    "no_sender_for_country",
    "no_consent",
    "no_basis",
    "minor",
    "placeholder_date",
    "in_house",
    "same_trip",
    "household",
    "priority",
    "frequency_cap",
    "expired",
)
CHANNELS = {"birthday": ("email",), "win-back": ("email", "sms"), "post-stay-survey": ("email", "sms")}
USEFUL_DAYS = {"birthday": 3, "win-back": 7, "post-stay-survey": 3}
PRIORITY = {"birthday": 2, "win-back": 1, "post-stay-survey": 0}
SURVEY = "post-stay-survey"
PLACEHOLDER_BEFORE = date(1905, 1, 1)
NOT_SENT_TO = {"CN"}  # no sender of ours serves them
NO_MARKETING_TEXTS_TO = {"US", "CA"}
EXPRESS_FOR_ANY_TEXT = {"US", "CA", "CN"}
A_MONTH, A_DAY, UNHEARD = timedelta(hours=30 * 24), timedelta(hours=24), timedelta(hours=36)
FILE_IS_READ = timedelta(minutes=10)  # from the first news of a hotel on


@dataclass(frozen=True)
class Verdict:
    """`state` sent, held or skipped; a held one says until when."""

    state: str
    reason: str | None
    channel: str | None
    to: str | None
    until: datetime | None = None


class Gate:
    """What was sent so far, on which later decisions rest. `heard`: by property, when anything happened there."""

    def __init__(self, heard: dict[str, list[datetime]]) -> None:
        self._heard = heard
        self._marketing: dict[str, list[datetime]] = defaultdict(list)  # by guest and by contact point
        self._by_point: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)

    def judge(self, plan: Plan, at: datetime) -> Verdict:
        if at > plan.due + timedelta(days=USEFUL_DAYS[plan.journey]):
            return Verdict("expired", "expired", None, None)
        furthest: Verdict | None = None
        for channel in CHANNELS[plan.journey]:
            to = self._point(plan, channel, at)
            reason = self._refusal(plan, channel, to, at)
            verdict = Verdict("skipped", reason, channel, to) if reason else self._released(plan, channel, to, at)
            if verdict.state in ("sent", "held"):  # else it would wait until it is of no use: the next channel
                return verdict
            if furthest is None or _rank(verdict) > _rank(furthest):
                furthest = verdict
        assert furthest
        return furthest

    def count(self, plan: Plan, verdict: Verdict, at: datetime) -> None:
        if plan.journey != SURVEY:
            assert verdict.to
            self._marketing[plan.guest.id].append(at)
            self._marketing[verdict.to].append(at)
            self._by_point[plan.journey, verdict.to].append((at, plan.guest.id))

    def _point(self, plan: Plan, channel: str, at: datetime) -> str | None:
        point = plan.guest.personal_point(channel, at)
        if point is None and channel == "email" and plan.journey == SURVEY and plan.row:
            return alias_of(plan.row)
        return point

    def _refusal(self, plan: Plan, channel: str, to: str | None, at: datetime) -> str | None:
        guest = plan.guest
        if to is None:
            return "masked_address" if channel == "email" and guest.has_masked(at) else "no_contact_point"
        if channel == "sms" and (reason := _text_refusal(plan, to, at)):
            return reason
        if plan.journey == SURVEY:
            return "same_trip" if another_of_the_trip(plan, at) else None
        return self._marketing_refusal(plan, channel, to, at)

    def _marketing_refusal(self, plan: Plan, channel: str, to: str, at: datetime) -> str | None:
        guest = plan.guest
        born = guest.birth_date(at)
        if not guest.allows(channel, at):
            return "no_consent"
        if born and born >= PLACEHOLDER_BEFORE and age_on(born, local(at, plan.zone).date()) < 18:
            return "minor"
        if plan.journey == "birthday" and born and born < PLACEHOLDER_BEFORE:
            return "placeholder_date"
        if guest.in_house(at):
            return "in_house"
        if plan.journey == "win-back" and self._household(plan, to, at):
            return "household"
        if at in self._marketing[guest.id]:
            return "priority"
        if any(len([sent for sent in self._marketing[who] if at - sent < A_MONTH]) >= 2 for who in (guest.id, to)):
            return "frequency_cap"
        return None

    def _household(self, plan: Plan, to: str, at: datetime) -> bool:
        return any(at - sent < A_DAY and who != plan.guest.id for sent, who in self._by_point[plan.journey, to])

    def _unheard(self, property_code: str, at: datetime) -> bool:
        heard = self._heard[property_code]
        place = bisect_right(heard, at)
        return place == 0 or at - heard[place - 1] > UNHEARD

    def _heard_next(self, property_code: str, at: datetime) -> datetime | None:
        heard = self._heard[property_code]
        place = bisect_right(heard, at)
        return heard[place] if place < len(heard) else None

    def _released(self, plan: Plan, channel: str, to: str | None, at: datetime) -> Verdict:
        of_use_until = plan.due + timedelta(days=USEFUL_DAYS[plan.journey])
        if plan.journey == "win-back" and plan.row and self._unheard(plan.row.property, at):
            if at == of_use_until:
                return Verdict("expired", "expired", channel, to)
            news = self._heard_next(plan.row.property, at)
            return Verdict(
                "held", "stale_data", channel, to, min(news + FILE_IS_READ, of_use_until) if news else of_use_until
            )
        until = _hours(plan, channel, to or "", at).next_permitted(at)
        if until == at:
            return Verdict("sent", None, channel, to)
        if until > of_use_until:
            return Verdict("expired", "expired", channel, to)
        return Verdict("held", "quiet_hours", channel, to, until)


def _rank(verdict: Verdict) -> int:
    return REASONS.index(verdict.reason or "")


def _text_refusal(plan: Plan, to: str, at: datetime) -> str | None:
    country = country_of_number(to)
    if country in NOT_SENT_TO or (plan.journey != SURVEY and country in NO_MARKETING_TEXTS_TO):
        return "no_sender_for_country"
    if plan.journey == SURVEY and country in EXPRESS_FOR_ANY_TEXT and not plan.guest.allows("sms", at):
        return "no_basis"
    return None


def _hours(plan: Plan, channel: str, to: str, at: datetime) -> Hours:
    country = PROPERTY_COUNTRY if plan.row else None
    if channel == "sms":
        return text_hours(plan.guest.place(at), country, at, to, is_offer=plan.journey != SURVEY)
    if plan.journey == SURVEY:
        return property_hours(PROPERTY_ZONE)
    return marketing_mail_hours(plan.guest.place(at))


def age_on(born: date, day: date) -> int:
    return day.year - born.year - (day < in_year(born, day.year))


def another_of_the_trip(plan: Plan, at: datetime) -> bool:
    """Whether another stay of the trip goes on, comes next, or ended later: that one is asked about."""
    row = plan.row
    assert row
    for other in plan.guest.known(at):
        if other.number == row.number or other.property != row.property:
            continue
        status = other.status_at(at)
        touches = row.arrival <= other.departure_at(at) and row.departure_at(at) >= other.arrival
        if touches and (
            status == "checked_in"
            or (status == "booked" and other.arrival <= row.status_date)
            or (status == "checked_out" and (other.status_date, other.number) > (row.status_date, row.number))
        ):
            return True
    return False
