"""A person corrects what a text was taken to speak of, and how it feels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.feedback.commands.heard.lessons import teach
from services.feedback.commands.heard.telling import tell_understood
from services.feedback.rules.heard import Feelings, checked
from services.feedback.store.heard import texts
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.ids import make_id


class NoText(NotFound):
    """There is no such text here."""


def correct_text(
    tx: Tx, text_id: UUID, feelings: Feelings, *, by: str, at: datetime, said: Sequence[str] = (), phrase: str = ""
) -> bool:
    """It counts as this person found from now on, in every figure, and no later reading of the text changes that.

    `said`: the guest's words, from which later readings learn; `phrase`: those of them that mean it. False where it
    stood so already. Raises `InputError`, `NoText`.
    """
    found = checked(feelings)
    text = texts.lock(tx, text_id)
    if text is None:
        raise NoText()
    if found == dict(text.feelings):
        return False
    teach(tx, text, found, said, phrase, by, at)
    correction = make_id("text correction", text_id, str(sorted(found.items())), at.isoformat())
    texts.correct(tx, text, found, correction, by, at)
    tell_understood(tx, [text_id], at)
    return True
