"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from guestloop.cli.reading import reading_arguments, reading_of
from guestloop.composition.seed import Places
from services.segments.imports.files.columns import ImportMapping
from services.segments.rules.dates import Order
from services.segments.rules.money.amounts import Mark
from shared.errors import InputError
from shared.vocabulary.consent import ClaimedConsent

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
CONSENT_MEANINGS = {
    "express": ClaimedConsent.EXPRESS,
    "existing": ClaimedConsent.EXISTING_CUSTOMER,
    "unknown": ClaimedConsent.UNKNOWN,
    "never-asked": ClaimedConsent.NEVER_ASKED,
    "refused": ClaimedConsent.REFUSED,
}


def mapping_arguments(known: argparse.ArgumentParser, *, yes: str, no: str) -> None:
    known.add_argument("--dates", action="append", default=[], metavar="COLUMN=dmy", help="the order of a date column")
    known.add_argument(
        "--numbers", action="append", default=[], metavar="COLUMN=,", help="the decimal mark of an amount column"
    )
    known.add_argument("--currency", default="", metavar="EUR", help="what amounts are in where the file says nothing")
    known.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER", help="the column of a field")
    reading_arguments(known)
    known.add_argument(
        "--place", action="append", default=[], metavar="PROPERTY=PT:Europe/Lisbon", help="where a property is"
    )
    known.add_argument("--yes", choices=CONSENT_MEANINGS, default=yes, help=f"what Y in a consent column means ({yes})")
    known.add_argument("--no", choices=CONSENT_MEANINGS, default=no, help=f"what N in a consent column means ({no})")


def mapping_of(given: argparse.Namespace) -> ImportMapping:
    return ImportMapping(
        columns=pairs(given.column, "--column"),
        dates={header: order_named(order) for header, order in pairs(given.dates, "--dates").items()},
        numbers={header: mark_named(mark) for header, mark in pairs(given.numbers, "--numbers").items()},
        currency=given.currency,
        reading=reading_of(given),
        yes=CONSENT_MEANINGS[given.yes],
        no=CONSENT_MEANINGS[given.no],
    )


def places_of(given: argparse.Namespace) -> Places:
    split = {code: place.partition(":") for code, place in pairs(given.place, "--place").items()}
    return {code: (country, zone) for code, (country, _, zone) in split.items()}


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    split = [one.partition("=") for one in given]
    if wrong := [name for name, equals, value in split if not (name and equals and value)]:
        raise InputError(f"{option} reads NAME=VALUE, not {wrong[0]!r}")
    return {name: value for name, _, value in split}


def order_named(text: str) -> Order:
    try:
        return Order(text.lower())
    except ValueError as error:
        raise InputError(f"--dates: {text!r} is none of {', '.join(order.value for order in Order)}") from error


def mark_named(text: str) -> Mark:
    try:
        return Mark({"point": ".", "comma": ","}.get(text.lower(), text))
    except ValueError as error:
        raise InputError(f"--numbers: {text!r} is no decimal mark; say . or ,") from error


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day written YYYY-MM-DD") from error


def readable(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    return path
