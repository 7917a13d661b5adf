"""Texts are understood once: as they come, or by the clock where they came before this was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.telling import tell_understood
from services.feedback.rules.heard import WHOLE, HeardKind
from services.feedback.store.heard import texts
from services.feedback.store.heard.texts import HeardText
from services.feedback.store.properties import zone_of
from services.feedback.understanding import HouseWords, Understood, understand
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen, Sealed
from shared.database.pool import Tx
from shared.localtime import local_date

AT_ONCE = 200


@dataclass(frozen=True)
class Said:
    """A guest's words, where and when they were said."""

    text_id: UUID
    kind: HeardKind
    property: str | None
    said_at: datetime


def keep_heard(tx: Tx, said: Said, understood: Understood) -> None:
    """The text counts, as often as it is heard once. Where it was corrected, as a person found."""
    zone = zone_of(tx, said.property) if said.property else "UTC"
    texts.keep(tx, [as_heard(said, understood, zone)])


def hear_comment(tx: Tx, said: Said, comment: str, at: datetime) -> None:
    """The words of an answer. Publishes answer.understood."""
    keep_heard(tx, said, understand(comment, house=house_words(tx, said.property)))
    tell_understood(tx, [said.text_id], at)


def hear_what_was_there(tx: Tx, at: datetime, most: int = AT_ONCE) -> int:
    """A set of words that came before they were understood by topic; how many there were. Those whose key is gone are
    passed over for good."""
    found = texts.unheard(tx, most)
    if not found:
        return 0
    house = {place: house_words(tx, place) for place in {one.property for one in found}}
    texts.keep(tx, [heard for one in found if (heard := _from_before(tx, one, house[one.property]))])
    texts.mark(tx, [one.text_id for one in found])
    tell_understood(tx, [one.text_id for one in found], at)
    return len(found)


def as_heard(said: Said, understood: Understood, zone: str) -> HeardText:
    feelings = {topic.name: str(topic.feeling) for topic in understood.topics}
    return HeardText(
        text_id=said.text_id,
        kind=said.kind,
        property=said.property,
        day=local_date(said.said_at, zone),
        said_at=said.said_at,
        language=understood.language,
        is_complaint=understood.is_complaint,
        feelings={WHOLE: str(understood.sentiment), **feelings},
        taught_by=understood.taught,
    )


def _from_before(tx: Tx, one: texts.Unheard, house: HouseWords) -> HeardText | None:
    try:
        text = tx.keyring.open(Sealed(one.text_sealed), Sealing.WORDS)
    except CannotOpen:
        return None
    said = Said(one.text_id, HeardKind(one.kind), one.property, one.said_at)
    return as_heard(said, understand(text, house=house), one.zone)
