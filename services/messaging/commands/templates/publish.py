"""Publishing what guests read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.messaging.commands.templates.segments import ask_for_segments
from services.messaging.library.checks import check, not_live
from services.messaging.library.documents import Template, read_template
from services.messaging.rules.links.targets import is_tracked
from services.messaging.rules.pictures import shown_in
from services.messaging.store.links import PublishedLink, keep_links
from services.messaging.store.offers.offers import offer
from services.messaging.store.templates import pictures
from services.messaging.store.templates.versions import Published, add_versions, newest_versions
from shared.database.pool import Tx
from shared.errors import InputError, Problem
from shared.plain_yaml import read_yaml
from shared.vocabulary.offer import OfferState

SHIPPED = Path(__file__).parent.parent.parent / "shipped"
SHIPPED_BY = "guestloop"


def publish_template(
    tx: Tx,
    document: Mapping[str, Any],
    *,
    at: datetime,
    by: str,
    own: Collection[str] = (),
    approved_by: str | None = None,
    dates: Collection[str] | None = None,
) -> Template:
    """The document as the next version of its template. InputError names every place that needs a change. `own`:
    origins of this installation, most of whose pages are not for guests. `dates`: the house's own dates by key; None
    where nobody said."""
    read = read_template(document, version=1)
    check(read, own, dates)
    check_offer(tx, read)
    shown = _pictures_of(tx, document)
    key = str(document["key"])
    version = add_versions(tx, {key: document}, by=by, at=at, approved_by=approved_by)[key]
    template = read_template(document, version=version)
    pictures.note_shown(tx, key, version, shown)
    keep_links(tx, numbered_links([template]))
    ask_for_segments(tx, at)
    return template


def check_offer(tx: Tx, template: Template) -> None:
    """Raises `InputError` where the template names an offer that no guest can be made."""
    if template.offer is None:
        return
    found = offer(tx, template.offer)
    if found is None or found.state != OfferState.LIVE:
        raise InputError(f"«{template.key}» cannot be published yet", {"/offer": not_live(template.offer)})


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
    """The templates that come with Guestloop, where they are new or better; what somebody rewrote is left as it is.
    They are not checked here: nothing of a house makes them wrong. The links of what an earlier version published are
    numbered too."""
    present = {published.key: published for published in newest_versions(tx)}
    wanted = {}
    for document in shipped_documents():
        published = present.get(document["key"])
        if published is None or (published.published_by == SHIPPED_BY and published.document != document):
            wanted[document["key"]] = document
    added = add_versions(tx, wanted, by=SHIPPED_BY, at=at) if wanted else {}
    keep_links(tx, numbered_links(_read(one) for one in newest_versions(tx)))
    return added


def _read(published: Published) -> Template:
    """What is as it came is read once a process: a sender looks at all of it each time it connects."""
    shipped = _shipped_templates().get(published.key)
    if shipped is not None and shipped[0] == published.document:
        return replace(shipped[1], version=published.version)
    return read_template(published.document, version=published.version)


def numbered_links(templates: Iterable[Template]) -> list[PublishedLink]:
    """What a tracked link may lead to."""
    return [
        PublishedLink(template.key, template.version, language, str(channel), number, link.target, template.utm)
        for template in templates
        for language, channel, number, link in template.links()
        if is_tracked(link.target)
    ]


@cache
def _shipped_templates() -> dict[str, tuple[dict[str, Any], Template]]:
    """Each document, and what it says."""
    return {document["key"]: (document, read_template(document, version=1)) for document in shipped_documents()}


@cache
def shipped_documents() -> list[dict[str, Any]]:
    """As they stand in their files; nobody changes them."""
    return [read_yaml(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.yaml"))]
