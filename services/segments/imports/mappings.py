"""A mapping as JSON, as it is kept with a file and by source; and which mapping a new file begins with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.files.headings import normalised
from services.segments.imports.shipped import shipped_document, shipped_source
from services.segments.rules.house_dates import HouseDate
from services.segments.rules.money.amounts import Mark
from services.segments.rules.written.dates import Order
from shared.table_files.reading import Encoding, Reading
from shared.vocabulary.consent import ClaimedConsent


def document_of(mapping: ImportMapping) -> dict[str, Any]:
    said = {name: value for name, value in asdict(mapping.reading).items() if value is not None}
    return {
        **({"reading": said} if said else {}),
        "columns": dict(mapping.columns),
        "dates": {header: str(order) for header, order in mapping.dates.items()},
        "numbers": {header: str(mark) for header, mark in mapping.numbers.items()},
        "currency": mapping.currency,
        "yes": str(mapping.yes),
        "no": str(mapping.no),
        "meanings": {field: dict(said) for field, said in mapping.meanings.items() if said},
        "constants": dict(mapping.constants),
        **({"wishes": dict(mapping.wishes)} if mapping.wishes else {}),
        **({"own_dates": dict(mapping.own_dates)} if mapping.own_dates else {}),
        **({"list_name": mapping.list_name} if mapping.list_name else {}),
        **({"holds": str(mapping.holds)} if mapping.holds else {}),
    }


def mapping_of(source: str, document: Mapping[str, Any]) -> ImportMapping:
    said = dict(document.get("reading", {}))
    if "encoding" in said:
        said["encoding"] = Encoding(said["encoding"])
    return ImportMapping(
        source=source,
        columns=dict(document.get("columns", {})),
        dates={header: Order(order) for header, order in document.get("dates", {}).items()},
        reading=Reading(**said),
        numbers={header: Mark(mark) for header, mark in document.get("numbers", {}).items()},
        currency=document.get("currency", ""),
        yes=ClaimedConsent(document.get("yes", ClaimedConsent.UNKNOWN)),
        no=ClaimedConsent(document.get("no", ClaimedConsent.REFUSED)),
        meanings=document.get("meanings", {}),
        constants=document.get("constants", {}),
        wishes=document.get("wishes", {}),
        own_dates=document.get("own_dates", {}),
        list_name=document.get("list_name", ""),
        holds=Holds(document["holds"]) if document.get("holds") else None,
    )


def headings_of(header: Sequence[str]) -> list[str]:
    """By what files of one kind are known: their headings, in any order."""
    return sorted({normalised(name) for name in header} - {""})


def source_of_headings(header: Sequence[str], saved: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The source whose last file had the same headings, else a system whose lists are known to have them; None where
    none or several had."""
    same = [source for source, document in saved.items() if document.get("headings") == headings_of(header)]
    if not same:
        return shipped_source(header)
    return same[0] if len(same) == 1 else None


def first_mapping(
    source: str, saved: Mapping[str, Mapping[str, Any]], header: Sequence[str], hotels: Collection[str]
) -> ImportMapping:
    """A new file begins with the mapping saved for its source, else with the one that is shipped, where it has those
    columns; consent is asked anew.

    Where the file names no hotel and there is only one, its rows are that one's.
    """
    known = mapping_of(source, saved.get(source) or shipped_document(source, header))
    mapping = replace(
        known,
        columns={name: one for name, one in known.columns.items() if not one or one in header},
        dates={one: order for one, order in known.dates.items() if one in header},
        numbers={one: mark for one, mark in known.numbers.items() if one in header},
        reading=replace(known.reading, sheet=None),
        yes=ClaimedConsent.UNKNOWN,
        no=ClaimedConsent.REFUSED,
        holds=None,
        wishes={name: one for name, one in known.wishes.items() if one in header},
        own_dates={key: one for key, one in known.own_dates.items() if one in header},
    )
    return with_only_hotel(mapping, header, hotels)


def with_dates(mapping: ImportMapping, header: Sequence[str], dates: Sequence[HouseDate]) -> ImportMapping:
    """With the columns that are headed by the key or the name of one of these dates; without dates that are no longer
    in use."""
    by_name = {normalised(name): name for name in reversed(header)}
    read = {header[place] for place in mapping.found(header).values()}
    found = {}
    for one in dates:
        column = next((by_name[text] for text in (normalised(one.key), normalised(one.name)) if text in by_name), None)
        if one.key in mapping.own_dates:
            found[one.key] = mapping.own_dates[one.key]
        elif column and column not in read:
            found[one.key] = column
    return replace(mapping, own_dates=found)


def without_lost_dates(mapping: ImportMapping, dates: Sequence[HouseDate]) -> ImportMapping:
    """Without dates that are no longer in use."""
    there = {one.key for one in dates}
    return replace(mapping, own_dates={key: one for key, one in mapping.own_dates.items() if key in there})


def with_only_hotel(mapping: ImportMapping, header: Sequence[str], hotels: Collection[str]) -> ImportMapping:
    if len(hotels) != 1 or "property" in mapping.constants or "property" in mapping.found(header):
        return mapping
    return replace(mapping, constants={**mapping.constants, "property": next(iter(hotels))})
