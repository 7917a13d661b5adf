"""The second evaluator: a rule held against one guest in plain Python, straight from her profile and stays.

It is what the SQL is tested against, and what a single guest can be asked by («why is she in this segment?»).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from services.segments.rules.language.borders import birthday_on, next_birthday
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Plain, Rule, Where, compares

CENT, SHARE = Decimal("0.01"), Decimal("0.0001")
KNOWN_YEARS_FROM = 1901
USABLE = {"email": {"express", "existing_customer"}, "sms": {"express"}}


@dataclass(frozen=True)
class StayView:
    status: str
    booked_on: date
    arrival: date
    nights: int
    checked_out_on: date | None
    ended_on: date | None
    order: tuple[str, ...]  # among stays that ended on one day the greatest is the last
    property: str
    channel: str | None
    room_type: str | None
    market_segment: str | None
    revenue: Decimal | None
    lead_days: int
    muted: bool = False


@dataclass(frozen=True)
class GuestView:
    """`consents`: by channel the state and the last day on which it counts. `own`: channels with a personal address."""

    profile: Mapping[str, str | None]
    tags: frozenset[str]
    birth_date: date | None
    consents: Mapping[str, tuple[str, date | None]]
    own: frozenset[str]
    stays: tuple[StayView, ...]


def holds(rule: Rule, guest: GuestView, today: date, averages: Mapping[str, Decimal]) -> bool:
    """Whether the rule is true of the guest on that local day. `averages`: spend a stay by property."""
    if isinstance(rule, All):
        return all(holds(part, guest, today, averages) for part in rule.rules)
    if isinstance(rule, Any):
        return any(holds(part, guest, today, averages) for part in rule.rules)
    if isinstance(rule, Not):
        return not holds(rule.rule, guest, today, averages)
    return leaf_holds(rule, guest, today, averages)


def leaf_holds(leaf: Leaf, guest: GuestView, today: date, averages: Mapping[str, Decimal]) -> bool:
    if leaf.fact == "tags":
        return has(guest.tags, leaf)
    actual = value_of(leaf, guest, today, averages)
    if actual is None:
        return False
    if isinstance(actual, str):
        return said(leaf, actual)
    if isinstance(actual, bool):
        return actual == leaf.value
    return compares(leaf.op, actual, leaf.value)


def has(tags: frozenset[str], leaf: Leaf) -> bool:
    wanted = {str(one) for one in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))}
    return bool(wanted & tags) if leaf.op is Op.HAS_ANY else wanted <= tags


def said(leaf: Leaf, actual: str) -> bool:
    if leaf.op is Op.KNOWN:
        return True
    among = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return (actual in among) is (leaf.op in (Op.IS, Op.IN))


def value_of(leaf: Leaf, guest: GuestView, today: date, averages: Mapping[str, Decimal]) -> Plain | None:
    """The fact's value; None where it is missing."""
    if leaf.fact in guest.profile:
        return guest.profile[leaf.fact]
    if leaf.fact in ("consent", "reachable"):
        return consent(leaf, guest, today)
    if leaf.fact in ("age", "birthday_in"):
        return None if guest.birth_date is None else of_birth[leaf.fact](guest.birth_date, today)
    if leaf.fact == "spend_against_average":
        return against_average(guest, averages)
    if leaf.fact in of_last_stay:
        last = last_stay(guest.stays)
        return None if last is None else of_last_stay[leaf.fact](last)
    return of_stays[leaf.fact](guest.stays, leaf.where, today)


def consent(leaf: Leaf, guest: GuestView, today: date) -> str | bool | None:
    channel = leaf.where.channel[0]
    state, until = guest.consents.get(channel, (None, None))
    if until is not None and until < today:
        state = None
    if leaf.fact == "consent":
        return state
    return channel in guest.own and state in USABLE[channel] and guest.profile["do_not_contact"] is None


def age(birth: date, today: date) -> int | None:
    if birth.year < KNOWN_YEARS_FROM:
        return None
    return today.year - birth.year - (birthday_on(birth, today.year) > today)


def birthday_in(birth: date, today: date) -> int:
    return (next_birthday(birth, today) - today).days


of_birth: dict[str, Callable[[date, date], int | None]] = {"age": age, "birthday_in": birthday_in}


def ended_well(stays: Iterable[StayView]) -> list[StayView]:
    return [stay for stay in stays if stay.status == "checked_out" and not stay.muted]


def last_stay(stays: Iterable[StayView]) -> StayView | None:
    return max(ended_well(stays), key=lambda stay: (stay.checked_out_on or date.min, stay.order), default=None)


of_last_stay: dict[str, Callable[[StayView], Plain | None]] = {
    "last_property": lambda stay: stay.property,
    "last_channel": lambda stay: stay.channel,
    "last_room_type": lambda stay: stay.room_type,
    "last_market_segment": lambda stay: stay.market_segment,
    "lead_days": lambda stay: stay.lead_days,
}


def against_average(guest: GuestView, averages: Mapping[str, Decimal]) -> Decimal | None:
    last = last_stay(guest.stays)
    if last is None or not averages.get(last.property):
        return None
    stays = ended_well(guest.stays)
    mean = (sum(stay.revenue or Decimal(0) for stay in stays) / Decimal(len(stays))).quantize(CENT, ROUND_HALF_UP)
    return (mean / averages[last.property]).quantize(SHARE, ROUND_HALF_UP)


def meant(stays: Iterable[StayView], where: Where) -> list[StayView]:
    return [stay for stay in stays if all(getattr(stay, column) in values for column, values in where.filters())]


def inside(day: date | None, where: Where, today: date) -> bool:
    if day is None:
        return False
    if where.window_days is not None:
        return day > today - timedelta(days=where.window_days)
    return where.since is None or day >= where.since


def checked_out(stays: Iterable[StayView], where: Where, today: date) -> list[StayView]:
    return [stay for stay in meant(ended_well(stays), where) if inside(stay.checked_out_on, where, today)]


def ended(status: str) -> Callable[[Iterable[StayView], Where, date], int]:
    def count(stays: Iterable[StayView], where: Where, today: date) -> int:
        return sum(stay.status == status and inside(stay.ended_on, where, today) for stay in meant(stays, where))

    return count


def bookings(stays: Iterable[StayView], where: Where, today: date) -> int:
    return sum(stay.status == "booked" and inside(stay.booked_on, where, today) for stay in meant(stays, where))


def in_house(stays: Iterable[StayView], where: Where, _today: date) -> bool:
    return any(stay.status == "checked_in" for stay in meant(stays, where))


def last_checkout(stays: Iterable[StayView], where: Where, today: date) -> int | None:
    days = [stay.checked_out_on for stay in meant(ended_well(stays), where) if stay.checked_out_on]
    return (today - max(days)).days if days else None


def next_arrival(stays: Iterable[StayView], where: Where, today: date) -> int | None:
    days = [stay.arrival for stay in meant(stays, where) if stay.status == "booked"]
    return (min(days) - today).days if days else None


of_stays: dict[str, Callable[[Iterable[StayView], Where, date], Plain | None]] = {
    "stays": lambda stays, where, today: len(checked_out(stays, where, today)),
    "nights": lambda stays, where, today: sum(stay.nights for stay in checked_out(stays, where, today)),
    "spend": lambda stays, where, today: sum(
        (stay.revenue or Decimal(0) for stay in checked_out(stays, where, today)), Decimal(0)
    ),
    "bookings": bookings,
    "cancellations": ended("cancelled"),
    "no_shows": ended("no_show"),
    "in_house": in_house,
    "last_checkout": last_checkout,
    "next_arrival": next_arrival,
}
