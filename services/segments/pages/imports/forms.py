"""The form of a draft: how it becomes a mapping, and what it asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from services.segments.imports.constants import CONSTANTS
from services.segments.imports.files.columns import AMOUNTS, OWN_DATE, ImportMapping, dates_among
from services.segments.imports.files.headings import HEADERS
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import document_of, first_mapping, headings_of, with_dates
from services.segments.imports.meanings.countries import country_meant, read_country
from services.segments.imports.meanings.languages import language_meant, read_language
from services.segments.imports.meanings.registry import LONGEST_MEANING, MOST_MEANINGS, VOCABULARIES
from services.segments.imports.meanings.words import value_key
from services.segments.imports.people.names import LONGEST_TAG, list_named
from services.segments.imports.preview.look import columns_of, disambiguated, readable
from services.segments.imports.preview.preview import Preview
from services.segments.pages.imports.views import NO_WORDS, YES_WORDS
from services.segments.rules.house_dates import HouseDate, is_key
from services.segments.rules.money.amounts import Mark
from services.segments.rules.written.dates import Order
from shared.table_files.layout import SEPARATORS
from shared.table_files.reading import Encoding, Reading
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.currency import codes_in_use

LONGEST_NAME = 200
FIRST_SOURCE = "pms"
RENAMED = ("room_type", "channel", "rate_plan", "market_segment", "tier", "title")
"""Fields whose values are kept as given unless somebody says otherwise."""
MASK = "•"


@dataclass(frozen=True)
class ValueAsked:
    """A value of a column and what somebody said it means; `rows`: in how many it stands, 0 where in none seen."""

    text: str
    rows: int
    meaning: str


@dataclass(frozen=True)
class FieldAsked:
    field: str
    header: str
    choices: tuple[str, ...]
    values: list[ValueAsked]
    unlisted: int


def mapping_of_form(form: MultiDict[str, str], path: Path) -> tuple[str, dict[str, Any]]:
    """The source and the mapping's document that the form holds. `path`: where the file lies now."""
    reading = _reading(form)
    header = Table(path, reading).header
    chosen = {name: form[f"column:{name}"] for name in HEADERS if f"column:{name}" in form}
    columns = disambiguated(header, {name: one if one in header else "" for name, one in chosen.items()})
    own_dates = _own_dates(form, header)
    found = columns_of(header, ImportMapping(columns=columns, own_dates=own_dates))
    constants = {
        name: text
        for name in CONSTANTS
        if (text := form.get(f"constant:{name}", "").strip()[:LONGEST_MEANING]) and name not in found
    }
    dates = {
        found[name]: Order(form[f"date:{name}"])
        for name in dates_among(found)
        if form.get(f"date:{name}") in set(Order)
    }
    numbers = {
        found[name]: Mark(form[f"number:{name}"])
        for name in AMOUNTS
        if name in found and form.get(f"number:{name}") in set(Mark)
    }
    yes, no = form.get("yes", ""), form.get("no", "")
    mapping = ImportMapping(
        source=form.get("source", "").strip(),
        columns=columns,
        dates=dates,
        numbers=numbers,
        currency=form.get("currency", "") if form.get("currency") in codes_in_use() else "",
        reading=reading,
        yes=ClaimedConsent(yes) if yes in YES_WORDS else ClaimedConsent.UNKNOWN,
        no=ClaimedConsent(no) if no in NO_WORDS else ClaimedConsent.REFUSED,
        meanings=_meanings(form),
        constants=constants,
        wishes=_wishes(form, header, found.values()),
        own_dates=own_dates,
        list_name=list_named(said, "") if (said := form.get("list_name", "").strip()[:LONGEST_NAME]) else "",
    )
    return mapping.source, {**document_of(mapping), "headings": headings_of(header)}


def first_document(
    source: str,
    saved: Mapping[str, Any],
    header: Sequence[str],
    hotels: Collection[str],
    dates: Sequence[HouseDate] = (),
) -> dict[str, Any]:
    """`dates`: the house's own, of which the columns are found by their headings."""
    mapping = with_dates(first_mapping(source, saved, header, hotels), header, dates)
    return {**document_of(mapping), "headings": headings_of(header)}


def meanings_asked(preview: Preview, mapping: ImportMapping) -> list[FieldAsked]:
    """The values of closed fields that are not understood, and those of which it was said what they mean."""
    asked = []
    for column in preview.columns:
        vocabulary = VOCABULARIES.get(column.field or "")
        if vocabulary is None or not vocabulary.is_closed or column.field is None:
            continue
        said = mapping.meanings.get(column.field, {})
        rows = {value.text: value.rows for value in column.unknown if MASK not in value.text}
        asked.append(_asked(column.field, column.header, vocabulary.choices, rows, said, column.unlisted))
    if "property" in preview.mapping:
        said = mapping.meanings.get("property", {})
        hotels = dict(preview.unknown_hotels)
        asked.append(_asked("property", preview.mapping["property"], (), hotels, said, 0))
    return [one for one in asked if one.values]


def values_renamed(preview: Preview, mapping: ImportMapping) -> list[FieldAsked]:
    """The commonest values of fields that are kept as given."""
    asked = []
    for column in preview.columns:
        if column.field in RENAMED:
            said = mapping.meanings.get(column.field, {})
            rows = {value.text: value.rows for value in column.read if MASK not in value.text}
            asked.append(_asked(column.field, column.header, (), rows, said, 0))
    return [one for one in asked if one.values]


def short_name(name: str | None) -> str:
    return Path((name or "").replace("\\", "/")).name[:LONGEST_NAME] or gettext("a file without a name")


def _asked(
    field: str,
    header: str,
    choices: tuple[str, ...],
    rows: Mapping[str, int],
    said: Mapping[str, str],
    unlisted: int,
) -> FieldAsked:
    values = [ValueAsked(text, count, said.get(value_key(text), "")) for text, count in rows.items()]
    shown = {value_key(text) for text in rows}
    values += [ValueAsked(key, 0, meaning) for key, meaning in said.items() if key not in shown]
    return FieldAsked(field, header, choices, values, unlisted)


def _wishes(form: MultiDict[str, str], header: Sequence[str], read: Collection[str]) -> dict[str, str]:
    named = (
        (" ".join(form.get(f"wish:{column}", "").replace(":", " ").split()), column) for column in readable(header)
    )
    return {name[:LONGEST_TAG]: column for name, column in named if name and column not in read}


def _own_dates(form: MultiDict[str, str], header: Sequence[str]) -> dict[str, str]:
    chosen = ((name.removeprefix(OWN_DATE), column) for name, column in form.items() if name.startswith(OWN_DATE))
    return {key: column for key, column in chosen if is_key(key) and column in readable(header)}


def _meanings(form: MultiDict[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, meaning in form.items():
        kind, _, named = key.partition(":")
        field, _, value = named.partition(":")
        meaning = meaning.strip()[:LONGEST_MEANING]
        said = found.setdefault(field, {}) if kind == "meaning" and field in VOCABULARIES and meaning else None
        if said is not None and len(said) < MOST_MEANINGS and value_key(value) != value_key(meaning):
            said[value_key(value)] = _as_code(field, meaning)
    return found


def _reading(form: MultiDict[str, str]) -> Reading:
    """What the form says of the file itself."""
    encoding, line = form.get("reading:encoding", ""), form.get("reading:header_line", "")
    separator = form.get("reading:separator", "")
    return Reading(
        encoding=Encoding(encoding) if encoding in set(Encoding) else None,
        separator=separator if separator and separator in SEPARATORS else None,
        header_line=int(line) if line.isdecimal() and int(line[:6]) > 0 else None,
        sheet=form.get("reading:sheet") or None,
    )


def _as_code(field: str, meaning: str) -> str:
    """Of a country or a language its code, by whichever name somebody wrote it."""
    if field not in ("country", "language"):
        return meaning
    try:
        return country_meant(meaning) if field == "country" else language_meant(meaning)
    except KeyError:
        pass
    try:
        return read_country(meaning, 2) if field == "country" else read_language(meaning)
    except KeyError:
        return meaning
