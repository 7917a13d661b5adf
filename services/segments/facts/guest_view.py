"""A guest as plain Python sees them: the second evaluator reads nothing else."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from services.segments.facts.where import Where
from shared.vocabulary.stay import Along, Party, StayStatus


@dataclass(frozen=True)
class StayView:
    """`revenue`: as stated. `amount`: in the hotel's currency, and `reported`: in the reporting currency; None where no
    rate is known. `amount_currency`: the hotel's, where it is not the reporting currency.
    """

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
    amount: Decimal | None
    reported: Decimal | None
    amount_currency: str | None
    lead_days: int
    muted: bool = False
    rate_plan: str | None = None
    company: str | None = None
    adults: int | None = None
    children: int | None = None
    named: int | None = None  # how many companions by their names

    @builtins.property  # a stay has a `property`: its hotel
    def party(self) -> str | None:
        return Party.of(self.adults, self.children)

    @builtins.property
    def companions(self) -> int | None:
        """With how many others; None where nobody said."""
        counted = max(self.adults or 0, 1) + (self.children or 0) - 1 if self.adults or self.children else None
        return max((one for one in (counted, self.named) if one is not None), default=None)

    @builtins.property
    def along(self) -> str | None:
        return Along.of(self.companions)

    @builtins.property
    def weekday(self) -> str:
        return str(self.arrival.isoweekday())


@dataclass(frozen=True)
class ReceiptView:
    """On which days the last message of a channel was sent, arrived, came back, was complained of, and had a link of it
    opened. `arrives`: the last that is known of them is that one arrived."""

    written: date | None = None
    clicked: date | None = None
    delivered: date | None = None
    bounced: date | None = None
    complained: date | None = None
    arrives: bool = False


@dataclass(frozen=True)
class AnswerView:
    """`order`: among answers of one day the greatest is the last. `praised`, `criticised`: topics of its words."""

    day: date
    score: int
    order: str = ""
    praised: frozenset[str] = frozenset()
    criticised: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CaseView:
    """`day`: on which it was opened, or closed where it is not open any more."""

    kind: str
    open: bool
    day: date


@dataclass(frozen=True)
class PredictionView:
    """`alive`: a share. `visits`, `worth`: in the year ahead, the latter in the reporting currency. `month`: by its
    number."""

    alive: Decimal | None
    visits: Decimal
    worth: Decimal | None
    month: str | None


@dataclass(frozen=True)
class HouseDay:
    """A day of one of the house's own dates. `yearly`: it comes again every year; `lunar`: by the lunar calendar."""

    day: date
    yearly: bool
    lunar: bool = False


@dataclass(frozen=True)
class GuestView:
    """`consents`: by channel the state and the last day on which it counts. `own`: channels with a personal address.
    `offers`: those that are held, used, and by which they referred a friend. `receipts`: by channel, where any are
    known. `journeys`: those that wrote to them. `lists`: by key.
    `dates`: by key, their days of the house's own dates.
    `held`: since when they are in a segment, by its key, as far as rules ask for it. `entered`: by journey, when they
    entered it last."""

    profile: Mapping[str, str | None]
    tags: frozenset[str]
    birth_date: date | None
    consents: Mapping[str, tuple[str, date | None]]
    own: frozenset[str]
    stays: tuple[StayView, ...]
    offers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    receipts: Mapping[str, ReceiptView] = field(default_factory=dict)
    guest_id: str = ""
    answers: tuple[AnswerView, ...] = ()
    cases: tuple[CaseView, ...] = ()
    points: int | None = None
    journeys: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    held: Mapping[str, date] = field(default_factory=dict)
    dates: Mapping[str, HouseDay] = field(default_factory=dict)
    entered: Mapping[str, date] = field(default_factory=dict)
    prediction: PredictionView | None = None


@dataclass(frozen=True)
class Ladder:
    """What the house's tiers count, within which days (None: ever), and how much each takes."""

    measure: str
    window_days: int | None
    steps: tuple[Decimal, ...]


@dataclass(frozen=True)
class Today:
    """The local day, the mean spend a stay by property, in its currency, what divides guests into hundredths, by
    measure, and the tiers."""

    day: date
    averages: Mapping[str, Decimal]
    cuts: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    ladder: Ladder | None = None


def took_place(stays: Iterable[StayView]) -> list[StayView]:
    return [stay for stay in stays if stay.status == StayStatus.CHECKED_OUT and not stay.muted]


def last_stay(guest: GuestView) -> StayView | None:
    return max(took_place(guest.stays), key=lambda stay: (stay.checked_out_on or date.min, stay.order), default=None)


def narrowed(stays: Iterable[StayView], where: Where) -> list[StayView]:
    """Those that the filters mean; the window is tested apart, since each fact tests another day in it."""
    least, most = where.min_nights, where.max_nights
    return [
        stay
        for stay in stays
        if all(getattr(stay, column) in values for column, values in where.filters())
        and (least is None or stay.nights >= least)
        and (most is None or stay.nights <= most)
    ]


def inside(day: date | None, where: Where, today: date) -> bool:
    """Whether a day lies in the window."""
    if day is None:
        return False
    if where.window_days is not None:
        return day > today - timedelta(days=where.window_days)
    return (where.since is None or day >= where.since) and (where.until is None or day <= where.until)
