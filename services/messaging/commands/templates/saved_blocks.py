"""Blocks that are kept under a name, to be put into other mails: a copy each time, in the language of the mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from marshmallow import ValidationError

from services.messaging.channels.email.blocks.registry import BodyBlock
from services.messaging.store.templates import saved_blocks as store
from services.messaging.wording.languages import choose_language
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError

LONGEST_NAME, MOST_BLOCKS = 80, 10
Block = Any


class Changed(Conflict):
    """Somebody changed it meanwhile, or another one is called so. Look at it again."""


def save_blocks(
    tx: Tx, name: str, hotel: str | None, bodies: Mapping[str, Sequence[Block]], *, by: Person, at: datetime
) -> UUID:
    """InputError where one of them cannot be read, or another one is called so."""
    problems = {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = f"1 to {LONGEST_NAME} characters"
    whole = {language: list(blocks) for language, blocks in bodies.items() if _can_be_read(blocks)}
    if not whole:
        problems["blocks"] = f"1 to {MOST_BLOCKS} blocks without a fault"
    block_id = uuid4()
    if problems:
        raise InputError(None, problems)
    if not store.keep(tx, block_id, hotel, name, whole, by=by.name, at=at):
        raise InputError(None, {"name": "is taken"})
    record(tx, by, "saved_block.kept", f"saved block {block_id}", {"name": name, "hotel": hotel}, at)
    return block_id


def rename_blocks(tx: Tx, found: store.SavedBlock, seen: int, name: str, *, by: Person, at: datetime) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise InputError(None, {"name": f"1 to {LONGEST_NAME} characters"})
    if not store.rename(tx, found.block_id, seen, name, by=by.name, at=at):
        raise Changed()
    record(tx, by, "saved_block.renamed", f"saved block {found.block_id}", {"name": name}, at)


def drop_blocks(tx: Tx, found: store.SavedBlock, *, by: Person, at: datetime) -> None:
    if store.drop(tx, found.block_id):
        record(tx, by, "saved_block.dropped", f"saved block {found.block_id}", {"name": found.name}, at)


def along(locales: Mapping[str, Any], language: str, blocks: Sequence[Block], first: int) -> dict[str, list[Block]]:
    """These blocks of one language, and the same places of the others where the same kinds stand there."""
    found = {language: list(blocks)}
    kinds = [_kind(block) for block in blocks]
    for other, locale in locales.items():
        body = (locale.get("email") or {}).get("body") or []
        same = body[first : first + len(blocks)]
        if other != language and [_kind(block) for block in same] == kinds:
            found[other] = same
    return found


def in_language(saved: store.SavedBlock, language: str) -> list[Block]:
    """In this language, else in the one that its guests would read."""
    return list(saved.bodies[choose_language(saved.bodies, language)])


def _kind(block: Block) -> str:
    return "text" if isinstance(block, str) else next((key for key in block if key != "when"), "")


def _can_be_read(blocks: Sequence[Block]) -> bool:
    if not 0 < len(blocks) <= MOST_BLOCKS:
        return False
    try:
        for block in blocks:
            BodyBlock().deserialize(block)
    except ValidationError:
        return False
    return True
