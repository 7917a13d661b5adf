"""Publishing what guests read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from services.messaging.library.checks import check
from services.messaging.library.documents import Template, read_template
from services.messaging.rules.pictures import shown_in
from services.messaging.store import pictures
from services.messaging.store.templates import add_versions, newest_versions
from shared.database.pool import Tx
from shared.errors import InputError, Problem

SHIPPED = Path(__file__).parent.parent.parent / "shipped"
SHIPPED_BY = "guestloop"


def publish_template(tx: Tx, document: Mapping[str, Any], *, at: datetime, by: str) -> Template:
    """The document as the next version of its template. InputError names every place that needs a change."""
    check(read_template(document, version=1))
    shown = _pictures_of(tx, document)
    key = str(document["key"])
    version = add_versions(tx, {key: document}, by=by, at=at)[key]
    pictures.note_shown(tx, key, version, shown)
    return read_template(document, version=version)


def _pictures_of(tx: Tx, document: Mapping[str, Any]) -> frozenset[str]:
    """Those of the library; from here on none of them can be deleted. InputError names each place that shows one that
    is gone."""
    found = pictures.known(tx, shown_in(document))
    gone = {
        f"/locales/{language}/{channel}": Problem("shows a picture that is not in the library", "picture_gone")
        for language, locale in document["locales"].items()
        for channel, part in locale.items()
        if shown_in(part) - found
    }
    if gone:
        raise InputError(f"«{document['key']}» cannot be published yet", gone)
    return found


def install_shipped(tx: Tx, at: datetime) -> dict[str, int]:
    """The templates that come with Guestloop, where they are new or better; what somebody rewrote is left as it is."""
    present = {published.key: published for published in newest_versions(tx)}
    wanted = {}
    for document in shipped_documents():
        check(read_template(document, version=1))
        published = present.get(document["key"])
        if published is None or (published.published_by == SHIPPED_BY and published.document != document):
            wanted[document["key"]] = document
    return add_versions(tx, wanted, by=SHIPPED_BY, at=at) if wanted else {}


def shipped_documents() -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.yaml"))]
