"""What is done to the library of pictures, within one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.messaging.queries.templates.pictures import used_in
from services.messaging.store.offers import offers
from services.messaging.store.templates import pictures as store
from services.messaging.store.templates.pictures import Place
from services.messaging.store.templates.saved_blocks import shows
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.ids import make_id
from shared.pictures.scaling import Picture

LONGEST_NAME, LONGEST_ALT = 120, 300


class StillShown(Conflict):
    """A mail that was sent, a published wording, a draft, a block that is kept or an offer shows this picture: it
    stays."""


class Changed(Conflict):
    """Somebody changed this picture meanwhile. Look at it again."""


def shelve_picture(
    tx: Tx, sha: str, picture: Picture, object_: str | None, place: Place, name: str, at: datetime, *, by: Person
) -> tuple[UUID, bool]:
    """Keeps it and puts it into a library. What it is known by there, and whether `object_` holds its bytes now: not
    where they are here already."""
    taken = store.keep(tx, sha, picture, object_, at)
    while not store.known(tx, [sha]):  # it was there, and whoever deletes it has done so meanwhile
        taken = store.keep(tx, sha, picture, object_, at)
    wanted = make_id("library picture", sha, place.legal_entity or "", place.hotel or "")
    library_id, is_new = store.shelve(tx, wanted, sha, place, name, by.name, at)
    if object_ is not None and taken:
        store.cross_out_leftover(tx, object_)
    if is_new:
        details = {"picture": sha, "hotel": place.hotel, "legal_entity": place.legal_entity}
        record(tx, by, "picture.added", f"picture {library_id}", details, at)
    return library_id, taken


def describe_picture(
    tx: Tx, library_id: UUID, seen: int, name: str, alt: Mapping[str, str], at: datetime, *, by: Person
) -> None:
    """Its name, and by language what is read where it is not seen. Raises `InputError`, `Changed`."""
    problems = {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = f"1 to {LONGEST_NAME} characters"
    for tag, words in alt.items():
        if len(words) > LONGEST_ALT:
            problems[f"alt.{tag}"] = f"at most {LONGEST_ALT} characters"
    if problems:
        raise InputError(None, problems)
    said = {tag: words for tag, words in alt.items() if words}
    if not store.change(tx, library_id, seen, name, said, by=by.name, at=at):
        raise Changed()
    record(tx, by, "picture.described", f"picture {library_id}", {"version": seen + 1}, at)


def remove_picture(tx: Tx, library_id: UUID, at: datetime, *, by: Person) -> str | None:
    """Takes it out of this library, and deletes it where no other has it. The object to be deleted then. Raises
    `StillShown` where it would be deleted and something shows it."""
    sha = store.lock(tx, library_id)
    if sha is None:
        raise NotFound()
    store.remove(tx, library_id)
    if not store.is_shelved(tx, sha) and (used_in(tx, sha) or shows(tx, sha) or offers.showing(tx, sha)):
        raise StillShown()
    object_ = store.drop_unshelved(tx, sha)
    if object_ is not None:
        store.note_leftover(tx, object_, at)
    record(tx, by, "picture.removed", f"picture {library_id}", {"picture": sha}, at)
    return object_
