"""Arguments that several commands take."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from guestloop.cli.reading import reading_arguments, reading_of
from guestloop.composition.seed import Places
from guestloop.operations.chosen_mapping import FIRST_SOURCE, Said
from services.segments.commands.hand_in import check_source
from services.segments.imports.constants import constant_problems
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.meanings.registry import meaning_problem
from services.segments.imports.meanings.words import value_key
from services.segments.imports.people.names import list_named
from services.segments.rules.money.amounts import Mark
from services.segments.rules.written.dates import Order
from shared.errors import InputError
from shared.vocabulary.consent import ClaimedConsent

OTHER_NAMES = {"hotel": "property"}
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
    known.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="what stands for every row: hotel, currency, status, status_date (a day, today, departure), source, …",
    )
    known.add_argument(
        "--meaning",
        action="append",
        default=[],
        metavar="FIELD:VALUE=MEANING",
        help="what a value means, such as status:Gone=checked_out or country:CN=CN",
    )
    known.add_argument("--wish", action="append", default=[], metavar="NAME=HEADER", help="a column of one wish")
    known.add_argument("--list", default="", metavar="NAME", help="of people without stays: what they are tagged with")
    known.add_argument("--yes", choices=CONSENT_MEANINGS, help=f"what Y in a consent column means ({yes})")
    known.add_argument("--no", choices=CONSENT_MEANINGS, help=f"what N in a consent column means ({no})")
    known.set_defaults(own_date=[])  # which only an installation has
    known.set_defaults(usual=ImportMapping(FIRST_SOURCE, yes=CONSENT_MEANINGS[yes], no=CONSENT_MEANINGS[no]))


def mapping_of(given: argparse.Namespace) -> ImportMapping:
    """What was said, over what is usual for the command."""
    usual: ImportMapping = given.usual
    return mapping_over(given, usual)


def mapping_over(given: argparse.Namespace, base: ImportMapping) -> ImportMapping:
    """The mapping with what was said in place of it."""
    constants, columns, meanings = constants_of(given.set), pairs(given.column, "--column"), meanings_of(given.meaning)
    said = {name: value for name, value in asdict(reading_of(given)).items() if value is not None}
    return replace(
        base,
        source=constants.pop("source", base.source),
        currency=constants.pop("currency", given.currency or base.currency),
        columns={**base.columns, **columns},
        dates={**base.dates, **{header: order_named(order) for header, order in pairs(given.dates, "--dates").items()}},
        numbers={
            **base.numbers,
            **{name: mark_named(mark) for name, mark in pairs(given.numbers, "--numbers").items()},
        },
        reading=replace(base.reading, **said),
        yes=CONSENT_MEANINGS[given.yes] if given.yes else base.yes,
        no=CONSENT_MEANINGS[given.no] if given.no else base.no,
        meanings={**base.meanings, **{name: {**base.meanings.get(name, {}), **one} for name, one in meanings.items()}},
        constants={name: text for name, text in base.constants.items() if name not in columns} | constants,
        wishes={**base.wishes, **pairs(given.wish, "--wish")},
        own_dates={**base.own_dates, **pairs(given.own_date, "--own-date")},
        list_name=list_named(given.list, "") if given.list.strip() else base.list_name,
    )


def said_of(given: argparse.Namespace) -> Said:
    """What was said of a file, and of the mapping that is to be used."""
    source = constants_of(given.set).get("source")
    return Said(lambda base: mapping_over(given, base), given.usual, source, given.mapping)


def constants_of(given: Sequence[str]) -> dict[str, str]:
    """What stands for every row; `source` and `currency`, which the mapping has apart, are among it."""
    found = {OTHER_NAMES.get(name, name): text for name, text in pairs(given, "--set").items()}
    source = found.get("source")
    problems = constant_problems({name: text for name, text in found.items() if name not in ("source", "currency")})
    if source is not None:
        check_source(source)
    if problems:
        raise InputError(f"--set: {'; '.join(f'{name}: {problem}' for name, problem in problems.items())}")
    return found


def meanings_of(given: Sequence[str]) -> dict[str, dict[str, str]]:
    """By field what values mean; a value is told apart by neither case nor spaces."""
    found: dict[str, dict[str, str]] = {}
    for named, meaning in pairs(given, "--meaning").items():
        field, colon, value = named.partition(":")
        field = OTHER_NAMES.get(field, field)
        if not (colon and value):
            raise InputError(f"--meaning reads FIELD:VALUE=MEANING, not {named!r}")
        if problem := meaning_problem(field, value, meaning):
            raise InputError(f"--meaning: {problem}")
        found.setdefault(field, {})[value_key(value)] = meaning
    return found


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


def rejects_beside(export: Path) -> Path:
    """Where the list of refused rows goes by default: beside the export, or here where that folder is closed."""
    name = export.name.removesuffix(".gz").removesuffix(".csv") + ".rejects.csv"
    return export.with_name(name) if os.access(export.parent, os.W_OK) else Path(name)
