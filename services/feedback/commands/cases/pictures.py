"""Pictures of what a case is about."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.feedback.commands.cases.history import enter
from services.feedback.rules.cases import MOST_PICTURES, EntryKind
from services.feedback.store.care import pictures as store
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.ids import make_id
from shared.pictures.scaling import Picture


class TooManyPictures(Conflict):
    """This case holds as many pictures as a case can. Remove one first."""


def add_picture(tx: Tx, case_id: UUID, picture: Picture, at: datetime, *, by: str) -> UUID | None:
    """Keeps a picture; None where it was there already. Raises `TooManyPictures`, and the transaction must end."""
    picture_id = make_id("case picture", case_id, sha256(picture.content).hexdigest())
    if not store.add(tx, picture_id, case_id, picture, by, at):
        return None
    if store.count(tx, case_id) > MOST_PICTURES:
        raise TooManyPictures()
    enter(tx, case_id, EntryKind.PICTURE, by, at, ref=f"{picture_id} {at.isoformat()}")
    return picture_id


def remove_picture(tx: Tx, case_id: UUID, picture_id: UUID, at: datetime, *, by: str) -> bool:
    """Whether it was there."""
    if not store.remove(tx, case_id, picture_id):
        return False
    return enter(tx, case_id, EntryKind.PICTURE_GONE, by, at, ref=f"{picture_id} {at.isoformat()}")
