"""A mapping as JSON, as it is kept with a file and by source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.segments.imports.columns import ImportMapping
from services.segments.rules.dates import Order
from shared.vocabulary.consent import ClaimedConsent


def document_of(mapping: ImportMapping) -> dict[str, Any]:
    return {
        "columns": dict(mapping.columns),
        "dates": {header: str(order) for header, order in mapping.dates.items()},
        "yes": str(mapping.yes),
        "no": str(mapping.no),
    }


def mapping_of(source: str, document: Mapping[str, Any]) -> ImportMapping:
    return ImportMapping(
        source=source,
        columns=dict(document.get("columns", {})),
        dates={header: Order(order) for header, order in document.get("dates", {}).items()},
        yes=ClaimedConsent(document.get("yes", ClaimedConsent.UNKNOWN)),
        no=ClaimedConsent(document.get("no", ClaimedConsent.REFUSED)),
    )
