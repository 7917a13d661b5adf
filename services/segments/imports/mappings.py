"""A mapping as JSON, as it is kept with a file and by source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.reading import Encoding, Reading
from services.segments.rules.dates import Order
from services.segments.rules.money.amounts import Mark
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
    )
