"""`python -m guestloop.composition.processing_document`: writes docs/processing.md, and the same as JSON for console.

The record of processing (GDPR 30), made from the declarations of personal data, the terms and the processors. A test
asks whether the files hold what this module would write.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guestloop.composition.services import MANIFESTS
from shared.personal_data.declaration import OnErasure, Store, Table
from shared.personal_data.installation import INSTALLATION
from shared.personal_data.recipients import RECIPIENTS
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.terms import KEEPING, Keeping
from shared.vocabulary.personal_data import Kept, PersonalKind

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "processing.md"
RECORD = ROOT / "services" / "console" / "record_of_processing.json"
ERASED = {
    OnErasure.DELETED: "deleted",
    OnErasure.BLANKED: "personal columns blanked",
    OnErasure.STAYS: "stays",
    OnErasure.OWN_COMMAND: "cut out of the bodies",
}
BEGINNING = """# Record of processing

What is kept of people, why, for how long, and who receives it: made from the code by `make docs`
(`services/*/personal_data`, `shared/personal_data`) and held to it by a test. The hotel (its legal entity) is the
controller. The terms it set for itself stand in the console under «Privacy».
"""


def document() -> str:
    parts = [BEGINNING, *_terms(), *_recipients()]
    for manifest in MANIFESTS:
        data = manifest.personal_data
        parts += [f"## {manifest.name}\n", *_tables(data.tables), *_stores(data.stores)]
    return "\n".join([*parts, "## Beside the tables\n", *_stores(INSTALLATION)]).rstrip("\n") + "\n"


def record() -> str:
    """For the console: tables that say something of a person."""
    found: dict[str, Any] = {
        manifest.name: [_entry(table) for table in manifest.personal_data.tables if _kinds(table)]
        for manifest in MANIFESTS
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _entry(table: Table) -> dict[str, Any]:
    return {
        "table": table.name,
        "what": table.what,
        "why": table.why,
        "kinds": {str(kind): names for kind, names in _kinds(table).items()},
        "kept": str(table.kept),
        "on_erasure": str(table.on_erasure),
    }


def _kinds(table: Table) -> dict[PersonalKind, list[str]]:
    found: dict[PersonalKind, list[str]] = {}
    for name, column in table.columns.items():
        if column.kind is not None:
            found.setdefault(column.kind, []).append(name)
    return found


def _terms() -> list[str]:
    rows = [f"| {kept.label} | {_keeping(KEEPING[kept])} |" for kept in Kept]
    return ["## Terms\n", "| what | kept | may be set | by country | why |", "|---|---|---|---|---|", *rows, ""]


def _keeping(keeping: Keeping) -> str:
    bounds = f"{_span(keeping.shortest)} to {_span(keeping.longest)}" if keeping.is_settable else "–"
    there = "; ".join(f"{code}: {_span(one.span)} ({one.source})" for code, one in keeping.by_country.items())
    return f"{_span(keeping.default)} | {bounds} | {there or '–'} | {keeping.source}"


def _span(span: Span | None) -> str:
    if span is None:
        return "–"
    return f"{span.months} months" if span.months else f"{span.days} days"


def _recipients() -> list[str]:
    rows = [
        f"| {one.name} (`{one.setting}={one.value}`) | {one.gets} | {one.where or 'yours'} | {one.needs} |"
        for one in RECIPIENTS.values()
    ]
    head = ["## Who else receives data\n", "Nobody by default: the sandbox keeps every message here.\n"]
    return [*head, "| processor | gets | where | needs |", "|---|---|---|---|", *rows, ""]


def _tables(tables: tuple[Table, ...]) -> list[str]:
    rows = [
        f"| `{table.name}` | {table.what} | {_columns(table)} | {table.why} | {table.kept.label} | {_erased(table)} |"
        for table in tables
        if _kinds(table)
    ]
    others = ", ".join(f"`{table.name}`" for table in tables if not _kinds(table))
    head = ["| table | what | of a person | why | kept as | on erasure |", "|---|---|---|---|---|---|"]
    return [*head, *rows, "", *([f"Without a person: {others}.\n"] if others else [])]


def _erased(table: Table) -> str:
    if table.leaves is None:
        return ERASED[table.on_erasure]
    return f"{ERASED[table.on_erasure]}; goes with {table.leaves.kept.label}"


def _columns(table: Table) -> str:
    kinds = _kinds(table).items()
    return "; ".join(f"{kind.label}: {', '.join(f'`{name}`' for name in names)}" for kind, names in kinds)


def _stores(stores: tuple[Store, ...]) -> list[str]:
    if not stores:
        return []
    rows = [f"| `{one.name}` | {one.what} | {one.why} | {one.kept.label} | {one.erased} |" for one in stores]
    return ["| place | what | why | kept as | how a guest's share goes |", "|---|---|---|---|---|", *rows, ""]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
    RECORD.write_text(record(), "utf-8")
