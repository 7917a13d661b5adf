"""The one entry: a text → what is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.feedback.understanding.feelings import feel
from services.feedback.understanding.house_words import NO_WORDS, HouseWords
from services.feedback.understanding.objections import Objection, Sure, objection_in
from services.feedback.understanding.quotes import without_quotes, without_signature
from services.feedback.understanding.reactions import kind_of
from services.feedback.understanding.scores import ScoreFound, score_in
from services.feedback.understanding.tokens import Text, tokens_of
from services.feedback.understanding.tongue import language_of
from services.feedback.understanding.understood import CaseFor, Kind, Understood
from services.feedback.understanding.urgent import urgent_words
from services.feedback.understanding.vocabulary import Match, covers, vocabulary, words_at

LONGEST = 4000
"""Letters that are looked at; a text is kept whole all the same."""


def understand(
    text: str,
    *,
    survey_open: bool = False,
    channel: str = "sms",
    number: str | None = None,
    threshold: int = 6,
    stopped: bool = False,
    language: str | None = None,
    theirs: str | None = None,
    house: HouseWords = NO_WORDS,
) -> Understood:
    """What the text means. Pure: no clock, no database, no network.

    `survey_open`: a survey waits for a score, else a number is only a number. `channel`: of `Channel`; `number`: the
    sender's in E.164, where known: «T» and «R» are objections by text message in China. `threshold`: the score at or
    below which somebody follows up. `stopped`: this contact point has objected before, so «yes» may mean «start again».
    `language`: what it is taken to be in, where its words do not tell; `theirs`: the one the guest is written to in.
    `house`: what was corrected at the hotel that it is about.
    """
    own, read, matches = _own_words(text[:LONGEST])
    language = language_of(read, matches) or language
    kind = kind_of(read, matches)
    asked = survey_open and kind in (Kind.WORDS, Kind.SIGNS)
    score = score_in(read, matches, language, theirs) if asked else ScoreFound()
    urgency, urgent = urgent_words(text)
    because = {"urgent": (urgent,)} if urgent else {}
    understood = Understood(own=own, kind=kind, language=language, urgency=urgency, because=because)
    if kind is Kind.WORDS:
        objection = objection_in(read, matches, language=language, country=_country(number, channel))
        understood = _asked_of_us(understood, objection, read, matches, stopped=stopped)
        understood = _felt(understood, read, house)
    return _with_score(understood, score, threshold)


def _own_words(text: str) -> tuple[str, Text, Sequence[Match]]:
    """What the guest wrote themselves, in tokens, and the words of our vocabulary in it."""
    own = without_quotes(text)
    read = tokens_of(own)
    matches = vocabulary().matches(read)
    if (cut := without_signature(read, matches)) is None:
        return own, read, matches
    read = tokens_of(cut)
    return cut, read, vocabulary().matches(read)


def _asked_of_us(
    understood: Understood, objection: Objection, read: Text, matches: Sequence[Match], *, stopped: bool
) -> Understood:
    """Whether it ends messages, may mean that, or asks for them again, for help, or says yes."""
    starts = _alone(read, matches, ("start", "yes") if stopped else ("start",)) if not objection.sure else ()
    says_yes = (_alone(read, matches, ("yes",)) or _letter_y(read)) if not (objection.sure or starts) else ()
    asks_help = _alone(read, matches, ("help",)) if not objection.sure else ()
    because = {
        "stop": objection.words if objection.sure is Sure.YES else (),
        "hold": objection.words if objection.sure is Sure.PERHAPS else (),
        "start": starts,
        "help": asks_help,
        "yes": says_yes,
    }
    return replace(
        understood,
        stop=objection.sure is Sure.YES,
        hold=objection.sure is Sure.PERHAPS,
        start=bool(starts),
        help=bool(asks_help),
        yes=bool(says_yes),
        because={**understood.because, **_that_are_there(because)},
    )


def _felt(understood: Understood, read: Text, house: HouseWords) -> Understood:
    """How it feels, and about what; what ends messages is no complaint about a stay."""
    felt = feel(read, understood.language, house)
    because = {**felt.words, **{topic.name: topic.words for topic in felt.topics}}
    return replace(
        understood,
        is_complaint=felt.complains and not (understood.stop or understood.hold),
        sentiment=felt.sentiment,
        topics=felt.topics,
        taught=felt.taught,
        because={**understood.because, **_that_are_there(because)},
    )


def _that_are_there(because: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return {name: words for name, words in because.items() if words}


def _with_score(understood: Understood, score: ScoreFound, threshold: int) -> Understood:
    """A good score is no complaint, whatever the guest would like better, and what a low one opens is a follow-up. One
    that is no whole number of ten («17/20») is neither good nor low until the guest has said which of two they mean."""
    of_ten = score.score.of_ten if score.score else None
    low = of_ten is not None and of_ten <= threshold
    complains = understood.is_complaint and (of_ten is None or low)
    cases = (
        (understood.hold, CaseFor.STOP_QUESTION),
        (complains and of_ten is None, CaseFor.COMPLAINT),
        (low or understood.urgent, CaseFor.FOLLOW_UP),
    )
    return replace(
        understood,
        score=score.score,
        asks=score.asks,
        unsure=score.unsure,
        because=dict(understood.because) | ({"score": score.words} if score.words else {}),
        is_complaint=complains,
        case=next((case for is_so, case in cases if is_so), CaseFor.NONE),
    )


def _alone(text: Text, matches: Sequence[Match], concepts: tuple[str, ...]) -> tuple[str, ...]:
    """The words of these concepts, where the text is nothing but them and courtesy; or a sentence that means it."""
    sentence = f"{concepts[0]}_sentences"
    for match in matches:
        if match.concept == sentence:
            return (text.words(match.first, match.last),)
    named = [match for match in matches if match.concept in concepts]
    around = [match for match in matches if match.concept == "courtesy"]
    if not named or not covers((*named, *around), range(len(text.tokens))):
        return ()
    return words_at(text, named)


def _letter_y(text: Text) -> tuple[str, ...]:
    """As many programs ask for it; among words it is a Spanish «and»."""
    return (text.words(0, 0),) if len(text.tokens) == 1 and text.words(0, 0).lower() == "y" else ()


def _country(number: str | None, channel: str) -> str | None:
    """China or elsewhere; None where no number is known."""
    if channel == "email":
        return "elsewhere"
    if not number:
        return None
    digits = number.strip().lstrip("+")
    return "CN" if digits.startswith(("86", "0086")) else "elsewhere"
