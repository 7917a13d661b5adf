"""A correction teaches: the same words are read so the next time, and a colleague can take that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.feedback.rules.lessons import Lesson, counting, difference, phrase_in, whole_words
from services.feedback.store.heard import lessons
from services.feedback.store.heard.texts import HeardText
from services.feedback.understanding import HouseWords
from shared.database.pool import Tx
from shared.ids import make_id


def house_words(tx: Tx, hotel: str | None) -> HouseWords:
    """What counts at this hotel."""
    return HouseWords(counting(lessons.counting(tx), hotel))


def teach(
    tx: Tx, text: HeardText, feelings: Mapping[str, str], said: Sequence[str], phrase: str, by: str, at: datetime
) -> None:
    """`said`: the guest's words, none where they were erased. `phrase`: those of them that mean it, where somebody
    named them. What the text taught before is over. Raises `InputError` under `words`."""
    changed = difference(text.feelings, feelings)
    taught = [(phrase_in(said, phrase), changed, False)] if phrase.strip() and changed else []
    if words := whole_words(said):
        taught.append((words, dict(feelings), True))
    lessons.forget(tx, text.text_id)
    for words, meant, is_whole in taught:
        lesson = Lesson(
            lesson_id=make_id("lesson", text.text_id, str(is_whole), " ".join(words), at.isoformat()),
            text_id=text.text_id,
            property=text.property,
            words=words,
            is_whole=is_whole,
            feelings=meant,
        )
        lessons.keep(tx, lesson, by, at)
