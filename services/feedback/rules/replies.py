"""What becomes of a guest's reply: `understanding` says what its words mean, this says what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from services.feedback.understanding.understood import Kind, Understood
from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.term import N_, Term

A_PERSON_READS_WITHIN = timedelta(hours=4)
"""What may be an objection is urgent after this time; it holds until somebody has read it, however long that takes."""


class TakenAs(Term):
    STOP = "stop", N_("Taken as STOP")
    START = "start", N_("Wants messages again")
    SCORE = "score", N_("Taken as a score")
    STOP_INSIDE = "stop_inside", N_("May mean «stop»"), "look"
    SCORE_ASKED = "score_asked", N_("Asked which score")
    SCORE_UNSURE = "score_unsure", N_("May be a score"), "look"
    HELP = "help", N_("Asked for help")
    COMPLAINT = "complaint", N_("Taken as a complaint"), "bad"
    REACTION = "reaction", N_("A reaction to our message")
    AUTO_REPLY = "auto_reply", N_("An automatic reply")
    ADVERT = "advert", N_("An advertisement")
    SIGNS = "signs", N_("Emoji or a picture alone")
    WORDS = "words", N_("For a person to read"), "look"

    @property
    def is_objection(self) -> bool:
        """It ends something, or may be meant to."""
        return self in (TakenAs.STOP, TakenAs.STOP_INSIDE)


FOR_A_PERSON = (
    *(TakenAs.STOP_INSIDE, TakenAs.COMPLAINT, TakenAs.SCORE_UNSURE, TakenAs.SCORE_ASKED, TakenAs.HELP),
    *(TakenAs.WORDS, TakenAs.SIGNS),
)


def taken_as(understood: Understood) -> TakenAs:
    """The first of what a reply means that something follows from; «9 STOP» is a stop, and its score counts as well."""
    asked = (
        (understood.stop, TakenAs.STOP),
        (understood.hold, TakenAs.STOP_INSIDE),
        (understood.start, TakenAs.START),
        (bool(understood.asks), TakenAs.SCORE_ASKED),
        (understood.score is not None, TakenAs.SCORE),
        (understood.is_complaint, TakenAs.COMPLAINT),
        (understood.help, TakenAs.HELP),
        (understood.unsure, TakenAs.SCORE_UNSURE),
    )
    return next((what for is_so, what in asked if is_so), _of_kind(understood.kind))


def _of_kind(kind: Kind) -> TakenAs:
    match kind:
        case Kind.WORDS:
            return TakenAs.WORDS
        case Kind.REACTION:
            return TakenAs.REACTION
        case Kind.AUTO_REPLY:
            return TakenAs.AUTO_REPLY
        case Kind.ADVERT:
            return TakenAs.ADVERT
        case Kind.SIGNS | Kind.EMPTY:
            return TakenAs.SIGNS
        case _:
            assert_never(kind)


def scope_of_stop(channel: Channel, purpose: str | None) -> OptOutScope:
    """STOP from a number ends the channel; by e-mail it ends the purpose of the message, marketing where unknown."""
    match channel.contact:
        case ContactKind.NUMBER:
            return OptOutScope.CHANNEL
        case ContactKind.ADDRESS:
            return OptOutScope.FEEDBACK if purpose == Purpose.FEEDBACK else OptOutScope.MARKETING
        case _:
            assert_never(channel.contact)
