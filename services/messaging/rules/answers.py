"""A person's answer to what a guest wrote: a message like any other, but for where, in what and when it goes.

It goes to the contact point that the guest wrote from, in the language it was written in, with the words as they stand.
What was objected to is offers and questions, and what was restricted is not this: the guest has asked. A stranger, whom
no guest is known to be, is answered where they wrote from and written to in no other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.messaging.rules.facts import Request

JOURNEY = "answer"  # stands where a message names its journey and its template
WANT = "answer"  # no journey can ask for it
UNDER_WAY = timedelta(hours=1)
"""A conversation: whoever wrote so lately is awake, and is answered by text message at any hour."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`point`: the one that the guest wrote from; `words`, `subject`: sealed; `in_reply_to`: a Message-ID. `address`:
    of the point, sealed, where it is known as nobody's or as another's. `picture_alt`: what the picture that it brings
    shows, sealed; None where it brings none.
    """

    point: str
    language: str
    words: str
    subject: str | None
    in_reply_to: str | None
    heard_at: datetime
    address: str | None
    picture_alt: str | None


def answer_in(request: Request) -> Answer | None:
    """What makes a request an answer; None for all others, and where its words were erased."""
    if WANT not in request.wants or not request.values:
        return None
    given = request.values
    return Answer(
        given["point"],
        given["language"],
        given["words"],
        given["subject"],
        given["in_reply_to"],
        datetime.fromisoformat(given["heard_at"]),
        given.get("address"),
        given.get("picture_alt"),
    )
