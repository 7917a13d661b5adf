"""A hotel's look on guests' pages is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from services.console.commands.change_property import NOT_CHANGED, publish_property
from services.console.commands.record_audit import record_audit
from services.console.store import brands, properties
from services.console.store.brands import Brand
from shared.colours import hex_colour, is_readable
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.pictures.scaling import Picture
from shared.vocabulary.term import N_

LONGEST_NAME = 100


def change_brand(
    tx: Tx,
    code: str,
    names: Mapping[str, str],
    colour: str,
    logo: Picture | None,
    at: datetime,
    *,
    by: str,
    seen: int,
    without_logo: bool = False,
) -> None:
    """`colour`: empty, that of the house; `logo`: None, the one there is, and none `without_logo`. Publishes
    property.changed where anything changed. Raises `InputError`, and `Conflict` where the hotel has another version
    than the one `seen`."""
    found = _colour(colour, names)
    if properties.lock(tx, code) != seen:
        raise Conflict()
    there = brands.of_hotel(tx, code)
    shown = None if without_logo else there.logo
    if logo is not None:
        shown = brands.keep_picture(tx, logo, at)
    brand = Brand(names={tag: name for tag, name in names.items() if name}, colour=found, logo=shown)
    version = brands.put(tx, code, brand, at)
    if version is None:
        return
    brands.drop_unused(tx)
    publish_property(tx, code, at)
    record_audit(tx, by, "property.brand_changed", f"property {code}", {"version": version}, at)


def _colour(text: str, names: Mapping[str, str]) -> str | None:
    problems = {}
    found = hex_colour(text) if text.strip() else None
    if text.strip() and found is None:
        problems["colour"] = N_("Write a colour as #1f4e79.")
    if found and not is_readable(found):
        problems["colour"] = N_("This colour is too light to be read on white. Choose a darker one.")
    if any(len(name) > LONGEST_NAME for name in names.values()):
        problems["names"] = N_("Make the name shorter than 100 characters.")
    if problems:
        raise InputError(NOT_CHANGED, problems)
    return found
