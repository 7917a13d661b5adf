"""`guestloop rates`, `… enter EUR CNY 2026-11-01 7.81`, `… import FILE`, `… discard EUR CNY 2026-11-01`"""

from __future__ import annotations

import argparse
import json
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path

from guestloop.cli.arguments import day, readable
from guestloop.operations.connect import connect
from guestloop.operations.rates import Kept, discard_rate, keep_rates, rates_known, rates_of_file, shown
from services.segments.rules.money.rates import LONGEST_SOURCE, rate_of
from shared.clock import SystemClock
from shared.errors import InputError


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "The rates by which amounts in other currencies count in a hotel's figures and in those over all "
        "hotels. A rate stands from its day on until the next one of its pair; of two on one day the last counts. "
        "Stays are converted anew by themselves."
    )
    what = known.add_subparsers(dest="what", metavar="WHAT")
    listing = what.add_parser("list", help="those that are known, the newest first (also without a word)")
    _add_pair(listing, "?")
    entering = what.add_parser("enter", help="one rate: one BASE is RATE QUOTE from that day on")
    _add_pair(entering)
    entering.add_argument("day", type=day, metavar="YYYY-MM-DD")
    entering.add_argument("rate", metavar="RATE", help="with a decimal point, such as 1.0845")
    importing = what.add_parser("import", help="a CSV of from, to, date and rate, or as the ECB publishes them")
    importing.add_argument("file", type=Path)
    discarding = what.add_parser("discard", help="take a rate back")
    _add_pair(discarding)
    discarding.add_argument("day", type=day, metavar="YYYY-MM-DD")
    for one in (entering, importing):
        one.add_argument("--source", default="", help="who says so (by default the file's name, or «command line»)")
    for one in (known, listing, entering, importing, discarding):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as one JSON object")
    known.set_defaults(run=run, base=None, quote=None, json=False)


def _add_pair(known: argparse.ArgumentParser, nargs: str | None = None) -> None:
    for name in ("base", "quote"):
        known.add_argument(name, type=str.upper, nargs=nargs, metavar=name.upper(), help="a currency, such as EUR")


def run(given: argparse.Namespace) -> int:
    if given.what in (None, "list"):
        return _list(given)
    clock = SystemClock()
    source = given.source.strip()[:LONGEST_SOURCE] if given.what in ("enter", "import") else ""
    if given.what == "import":
        rates = rates_of_file(readable(given.file), source or given.file.name[:LONGEST_SOURCE])
    else:
        number = _number(given.rate) if given.what == "enter" else Decimal(1)
        rates = [rate_of(given.base, given.quote, given.day, number, source or "command line")]
    with connect(os.environ, clock) as installation:
        if given.what == "discard":
            kept = discard_rate(installation.group, rates[0], clock.now())
        else:
            kept = keep_rates(installation.group, rates, clock.now())
    print(json.dumps(vars(kept)) if given.json else _said(kept, is_running=installation.is_running))
    return 0


def _list(given: argparse.Namespace) -> int:
    with connect(os.environ, SystemClock()) as installation:
        known = rates_known(installation.group, given.base, given.quote)
    if given.json:
        print(json.dumps({"reporting": known.reporting, "rates": [shown(line) for line in known.rates]}))
        return 0
    print(f"Hotels are added in {known.reporting}.")
    for line in map(shown, known.rates):
        print(f"{line['day']}  1 {line['base']} = {line['rate']} {line['quote']}  {line['source']}")
    return 0


def _said(kept: Kept, *, is_running: bool) -> str:
    when = "are being converted anew" if is_running else "are converted anew once Guestloop runs"
    return f"{kept.changed:,} of {kept.given:,} changed" + (f"; {kept.left:,} stays {when}" if kept.left else "")


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise InputError(f"{text!r} is no rate: a number with a decimal point, such as 1.0845") from error
