"""What messages cost and brought, by channel and by journey: held against guests who were kept out, then by clicks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.count_results import Asking, Counted, count_returns
from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.rules.results import Lift
from services.campaigns.rules.returns import Click, Return, by_channel, by_journey
from shared.access.people import Hotel, May
from shared.localtime import local_date, local_instant
from shared.vocabulary.channel import Channel
from shared.vocabulary.window import Span, Window
from shared.web.access_control import my_hotels, needs, scope
from shared.web.i18n.formatting import money, number
from shared.web.i18n.labels import label
from shared.web.i18n.windows import spans_to_choose, window_words, windows_to_choose
from shared.web.navigation import address
from shared.web.pages.periods import hotel_shown, is_one_of_several, span_shown, window_shown, windows_offered
from shared.web.site import here
from shared.web.table_files import Cell, csv_file, workbook_file

pages = Blueprint("campaigns_returns", __name__, url_prefix="/campaigns/returns")
Sums = Mapping[str, Decimal]


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all of them."""

    span: Span
    window: Window
    hotel: Hotel | None
    zone: str

    @property
    def query(self) -> str:
        """For an address that asks for the same."""
        values = {"span": str(self.span), "first": self.window.first.isoformat()}
        return urlencode({**({"hotel": self.hotel.code} if self.hotel else {}), **values})

    @property
    def title(self) -> str:
        where = self.hotel.name if self.hotel else gettext("All hotels")
        return f"{window_words(self.span, self.window)} · {where}"


@dataclass(frozen=True)
class Line:
    """`url`: where what is behind it stands; empty: nowhere else."""

    name: str
    url: str
    of: Return


@dataclass(frozen=True)
class Shown:
    channels: list[Line]
    journeys: list[Line]
    counted: Counted


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    asked = _asked()
    found = _shown(asked, anew=request.args.get("anew") == "1")
    return render_template(
        "returns.html",
        asked=asked,
        found=found,
        spans=spans_to_choose(),
        windows=windows_to_choose(asked.span, windows_offered(asked.span, _today(asked.zone), asked.window)),
        is_one_of_several=is_one_of_several(),
        lift_words=lift_words,
        more_words=more_words,
        sums=sums_words,
        now=here().now(),
    )


@pages.get("/table.csv")
@needs(May.SEE_FIGURES)
def table() -> Response:
    asked = _asked()
    return csv_file(_rows(_shown(asked, waits=True)), _file_name(asked))


@pages.get("/table.xlsx")
@needs(May.SEE_FIGURES)
def workbook() -> Response:
    asked = _asked()
    return workbook_file(_rows(_shown(asked, waits=True)), _file_name(asked), gettext("What messages brought"))


def _asked() -> Asked:
    hotel, span = hotel_shown(), span_shown(Span.MONTH)
    first = hotel or next(iter(my_hotels()), None)
    zone = first.zone if first else "UTC"
    return Asked(span, window_shown(span, _today(zone)), hotel, zone)


def _today(zone: str) -> date:
    return local_date(here().now(), zone)


def _shown(asked: Asked, *, anew: bool = False, waits: bool = False) -> Shown:
    """`waits`: until all is counted, however long that takes."""
    since, until = (local_instant(day, time(0), asked.zone) for day in (asked.window.first, asked.window.until))
    with here().transaction() as tx:
        counted = count_returns(tx, since, until, Asking(scope(), here().now(), anew, waits))
        names = {line.key: line.name for line in lines_of(tx, kind=None)}
    if (found := counted.returns) is None:
        return Shown([], [], counted)
    days = urlencode({"from": asked.window.first.isoformat(), "to": asked.window.last.isoformat()})
    journeys = [
        Line(names.get(one.key, one.key), f"{address('journey', one.key)}/results?{days}", one)
        for one in by_journey(found)
    ]
    return Shown([Line(_channel(one.key), "", one) for one in by_channel(found)], journeys, counted)


def _channel(key: str) -> str:
    return str(label(Channel(key))) if key in list(Channel) else gettext("none, or not known any more")


def sums_words(sums: Sums) -> str:
    """The greatest first; currencies are never added."""
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return " + ".join(money(amount, currency) for currency, amount in ordered)


def lift_words(found: Lift | None) -> str:
    """In percentage points, its interval first."""
    if found is None:
        return gettext("too few to tell")
    points = {"low": _points(found.low), "high": _points(found.high), "middle": _points(found.difference)}
    return gettext("%(low)s to %(high)s percentage points (%(middle)s)", **points)


def more_words(one: Return) -> str:
    """How many more guests booked than would have without it; only where that is more than chance."""
    if one.lift is None:
        return ""
    if not one.lift.is_certain:
        return gettext("no more than chance")
    low, middle, high = (
        number(round(share * one.written.guests)) for share in (one.lift.low, one.lift.difference, one.lift.high)
    )
    return gettext("%(low)s to %(high)s more guests booked (%(middle)s)", low=low, high=high, middle=middle)


def _points(share: float) -> str:
    return f"{number(round(share * 100, 1))}".replace("-", "−")


def _file_name(asked: Asked) -> str:
    return f"messages-{asked.hotel.code if asked.hotel else 'all'}-{asked.window.first.isoformat()}"


def _rows(found: Shown) -> list[Sequence[Cell]]:
    """One row a currency; counts stand in the first row of each channel and journey."""
    head = [
        *(gettext("By"), gettext("Of"), gettext("Messages"), gettext("Messages without a known price")),
        *(gettext("Written to"), gettext("Of these booked"), gettext("Control group"), gettext("Of these booked")),
        *(gettext("More booked, at least (percentage points)"), gettext("at most"), gettext("most likely")),
        *(gettext("Booked after the last click"), gettext("Booked after the first click"), gettext("Currency")),
        *(gettext("Cost"), gettext("Revenue after the last click"), gettext("Revenue after the first click")),
    ]
    parts = ((gettext("channel"), found.channels), (gettext("journey"), found.journeys))
    return [head, *(row for by, lines in parts for line in lines for row in _rows_of(by, line))]


def _rows_of(by: str, line: Line) -> Iterator[Sequence[Cell]]:
    one, lift = line.of, line.of.lift
    points = [round(share * 100, 3) for share in (lift.low, lift.high, lift.difference)] if lift else [None] * 3
    counts: list[Cell] = [
        *(one.messages, one.unpriced, one.written.guests, one.written.booked, one.control.guests, one.control.booked),
        *(*points, one.last.stays, one.first.stays),
    ]
    for currency in sorted({*one.spent, *one.last.earned, *one.first.earned}) or [""]:
        yield [by, line.name, *counts, currency, *_amounts(one.spent, one.last, one.first, currency)]
        counts = [None] * len(counts)


def _amounts(spent: Sums, last: Click, first: Click, currency: str) -> list[Cell]:
    return [float(sums[currency]) if currency in sums else None for sums in (spent, last.earned, first.earned)]
