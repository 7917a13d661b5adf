"""Whether a text is an objection, may be one, or asks to start again.

An objection is found in three ways: the reply is a stop word and little else; a sentence is one that a language's file
names; or a clause brings together what an objection is made of (stop … sending, no … more … messages, take … me … off
… list), all of one language. What hides a stop word («bus stop»), other things to send («towels»), other people («he»),
and instructions («reply STOP to …») are looked for first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.typing_errors import is_misspelt
from services.feedback.understanding.vocabulary import Match, covers, is_letter, languages, words_at, words_of

STOP_WORDS = ("stop", "stop_bare", "stop_in_china")
LONGEST_NAME = 3
"""Words that may stand beside a stop word set off from it: a name."""
LONGEST_SPAN, LONGEST_SPAN_OF_LETTERS = 10, 22
"""How far apart the parts of an objection may stand in their clause, in words and in letters."""
SHORT, SHORT_IN_LETTERS = 3, 8
SPARES = ("things", "others", "later")
WHOLE_WORDS = frozenset({"more", "me", "things", "send", "texts", "list", "want", "courtesy"})
SHORTEST_SPELT, LONGEST_ECHO = 4, 5
NO_REACHES, NO_REACHES_LETTERS = 5, 10
"""How many words on «no» still denies."""


class Sure(IntEnum):
    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True)
class Objection:
    sure: Sure
    words: tuple[str, ...] = ()


NONE = Objection(Sure.NO)


@dataclass(frozen=True)
class Combination:
    """Parts that make an objection where they stand together, whichever comes first.

    `short`: only in a short clause. `spared_by_things`: not where something else is spoken of that can be sent.
    """

    parts: tuple[tuple[str, ...], ...]
    sure: Sure = Sure.YES
    short: bool = False
    spared_by_things: bool = False


COMBINATIONS = (
    Combination((("leave",),)),
    Combination((("halt",), ("texts",))),
    Combination((("halt",), ("send",)), spared_by_things=True),
    Combination((("halt",), ("call",), ("me",)), Sure.PERHAPS),
    Combination((("no",), ("call",), ("more",)), spared_by_things=True),
    Combination((("no",), ("call",), ("me",)), Sure.PERHAPS, short=True, spared_by_things=True),
    Combination((("no",), ("send",), ("more",)), spared_by_things=True),
    Combination((("no",), ("send",), ("me",)), spared_by_things=True),
    Combination((("no",), ("send",), ("texts",)), spared_by_things=True),
    Combination((("no",), ("more",), ("texts",))),
    Combination((("no",), ("want",), ("texts", "send")), spared_by_things=True),
    Combination((("no",), ("want",), ("list",)), spared_by_things=True),
    Combination((("no",), ("texts",)), short=True),
    Combination((("no",), ("send",)), Sure.PERHAPS, short=True, spared_by_things=True),
    Combination((("unsend",), ("more", "me", "texts")), spared_by_things=True),
    Combination((("unsend",),), short=True, spared_by_things=True),
    Combination((("remove",), ("me",), ("list",)), spared_by_things=True),
    Combination((("remove",), ("list",)), short=True, spared_by_things=True),
)


def objection_in(
    text: Text, matches: Sequence[Match], *, language: str | None = None, country: str | None = None
) -> Objection:
    """`language`: the text's, whose «towels» spare it too; `country`: where the sender's number is, if known: «T» alone
    is an objection in China and nowhere else."""
    if not text.tokens:
        return NONE
    whole = _whole(text, matches, country)
    if whole.sure is Sure.YES:
        return whole
    apart = _set_off(text, matches)
    clauses = [clause for clause in _by_clause(text, matches, language) if clause.sure]
    if apart.sure and any(set(clause.words) - set(apart.words) for clause in clauses):  # «wrong number, please stop»
        apart = Objection(Sure.YES, apart.words)
    found = [whole, apart, *clauses]
    best = max(found, key=lambda one: one.sure)
    words = tuple(dict.fromkeys(word for one in found if one.sure is best.sure for word in one.words))
    return Objection(best.sure, words) if best.sure else NONE


def _whole(text: Text, matches: Sequence[Match], country: str | None) -> Objection:
    """The reply is a stop word, with courtesy, again and again, misspelt, or with a name set off from it."""
    stops = [match for match in matches if match.concept == "stop"]
    bare = [match for match in matches if match.concept in STOP_WORDS]
    polite = [match for match in matches if match.concept == "courtesy"]
    every = [place for place, token in enumerate(text.tokens) if not token.is_number]  # «9 STOP» is both
    if bare and covers(bare, every):
        of_china = covers([match for match in bare if match.concept != "stop_in_china"], every) is False
        sure = Sure.PERHAPS if of_china and country not in (None, "CN") else Sure.YES
        return Objection(sure, words_at(text, bare))
    if stops and covers([*stops, *polite], every):
        return Objection(Sure.YES, words_at(text, stops))
    if bare and covers([*bare, *polite], every):
        return Objection(Sure.PERHAPS, words_at(text, bare))
    perhaps = [match for match in matches if match.concept == "stop_perhaps"]
    if perhaps and covers([*perhaps, *bare, *polite], every):
        return Objection(Sure.PERHAPS, words_at(text, perhaps))
    echoed = [match for match in matches if match.concept == "instruction"]
    if echoed and len(text.tokens) <= LONGEST_ECHO and covers([*echoed, *bare, *polite], every):  # «Text STOP»
        return Objection(Sure.PERHAPS, words_at(text, echoed))
    return _misspelt(text, polite)


def _misspelt(text: Text, polite: Sequence[Match]) -> Objection:
    rest = [place for place in range(len(text.tokens)) if not covers(polite, [place])]
    letters = [text.tokens[place].text for place in rest]
    if len(rest) >= SHORTEST_SPELT and all(len(one) == 1 and one.isascii() for one in letters):  # «s t o p», «S.T.O.P.»
        spelt = ("".join(letters),) in words_of("stop")
        return Objection(Sure.YES, (text.words(rest[0], rest[-1]),)) if spelt else NONE
    if len(rest) != 1:
        return NONE
    word = text.tokens[rest[0]].text
    sure = is_misspelt(word, words_of("stop"), words_of("no_typo"))
    return Objection(Sure(sure), (text.words(rest[0], rest[0]),)) if sure else NONE


def _set_off(text: Text, matches: Sequence[Match]) -> Objection:
    """A stop word in a clause of its own, first or last, beside other words."""
    stops = [match for match in matches if match.concept == "stop"]
    polite = [match for match in matches if match.concept == "courtesy"]
    clauses = list(text.clauses())
    for start, behind in (clauses[0], clauses[-1]):
        inside = [match for match in stops if start <= match.first and match.last < behind]
        if not inside or not covers([*inside, *polite], range(start, behind)):
            continue
        words = words_at(text, inside)
        rest = len(text.tokens) - (behind - start)
        shouted = any(word.isupper() for word in words)
        caseless = any(word == word.upper() == word.lower() for word in words)
        if rest <= LONGEST_NAME or shouted or caseless:
            return Objection(Sure.YES, words)
        return Objection(Sure.PERHAPS, words)
    return NONE


def _by_clause(text: Text, matches: Sequence[Match], language: str | None) -> Iterable[Objection]:
    """What each clause says, in each language that knows words of it."""
    hidden = [match for match in matches if match.concept == "merely"]
    seen = [match for match in matches if not any(match.overlaps(other) and match is not other for other in hidden)]
    sizes = {text.tokens[start].clause: behind - start for start, behind in text.clauses()}
    polite = {match.first for match in matches if match.concept == "courtesy"}
    with_words = {token.clause for place, token in enumerate(text.tokens) if place not in polite}
    by_clause: dict[tuple[int, str], dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    for match in _longest(seen):
        by_clause[text.tokens[match.first].clause, match.language][match.concept].append(match)
    said = {(text.tokens[match.first].clause, match.concept) for match in seen}
    instructing = {text.tokens[match.first].clause for match in seen if _instructs(match, seen)}
    for (clause, spoken), concepts in list(by_clause.items()):
        if clause in instructing:
            continue
        if language and language != spoken:
            theirs = by_clause.get((clause, language), {})
            concepts = {**concepts, **{name: theirs[name] for name in SPARES if theirs.get(name)}}
        found = _of_clause(text, concepts, sizes[clause], alone=with_words <= {clause})
        yield Objection(Sure.PERHAPS, found.words) if found.sure and (clause, "how") in said else found


def _instructs(match: Match, matches: Sequence[Match]) -> bool:
    """«Reply STOP to unsubscribe», and not «I want to unsubscribe»."""
    if match.concept != "instruction":
        return False
    leaves = any(other.concept == "leave" and other.overlaps(match) for other in matches)
    return not (leaves and any(other.concept == "want" and other.last + 1 == match.first for other in matches))


def _longest(matches: Sequence[Match]) -> Sequence[Match]:
    """Without words that are only part of a longer one: «now» in «from now on»."""
    around = [match for match in matches if match.concept in WHOLE_WORDS and match.last > match.first]
    return [
        match
        for match in matches
        if match.concept == "no"
        or not any(
            other.first <= match.first and match.last <= other.last and other.length > match.length
            for other in around
            if other.language == match.language
        )
    ]


def _of_clause(text: Text, concepts: Mapping[str, Sequence[Match]], size: int, *, alone: bool) -> Objection:
    sentences, perhaps = concepts.get("sentences", ()), concepts.get("perhaps", ())
    found = Objection(Sure.YES, words_at(text, sentences)) if sentences else NONE
    if not sentences and not concepts.get("others"):
        found = _combined(text, concepts, size - len({match.first for match in concepts.get("courtesy", ())}), alone)
    of_things = concepts.get("things") and not (concepts.get("texts") or concepts.get("list"))
    if found.sure is Sure.YES and (of_things or concepts.get("later")):  # «no quiero más toallas» may mean towels alone
        found = Objection(Sure.PERHAPS, found.words)
    if not found.sure and perhaps:
        found = Objection(Sure.PERHAPS, words_at(text, perhaps))
    return found


def _combined(text: Text, concepts: Mapping[str, Sequence[Match]], size: int, alone: bool) -> Objection:
    found = NONE
    if _undone(concepts):
        return found
    for combination in COMBINATIONS:
        if combination.sure <= found.sure or (combination.spared_by_things and concepts.get("things")):
            continue
        together = _together(text, combination, concepts, size)
        if together:
            sure = Sure.PERHAPS if combination.short and not alone else combination.sure
            found = max(found, Objection(sure, words_at(text, together)), key=lambda one: one.sure)
    return found


def _undone(concepts: Mapping[str, Sequence[Match]]) -> bool:
    """«Don't stop sending»."""
    return any(0 < halt.first - no.last <= 2 for no in concepts.get("no", ()) for halt in concepts.get("halt", ()))


def _together(
    text: Text, combination: Combination, concepts: Mapping[str, Sequence[Match]], size: int
) -> list[Match] | None:
    """One match of each part, none of them in two parts, not too far apart."""
    chosen: list[Match] = []
    for part in combination.parts:
        fitting = [match for concept in part for match in concepts.get(concept, ())]
        free = [match for match in fitting if not any(match.overlaps(other) for other in chosen)]
        if not free:
            return None
        middle = chosen[0].first if chosen else 0
        chosen.append(min(free, key=lambda match: abs(match.first - middle)) if chosen else free[0])
    first, last = min(match.first for match in chosen), max(match.last for match in chosen)
    in_letters = is_letter(text.tokens[first].text)
    if not _in_order(combination, chosen, in_letters=in_letters):
        return None
    if last - first > (LONGEST_SPAN_OF_LETTERS if in_letters else LONGEST_SPAN):
        return None
    if combination.short and size > (SHORT_IN_LETTERS if in_letters else SHORT):
        return None
    return chosen


def _in_order(combination: Combination, chosen: Sequence[Match], *, in_letters: bool) -> bool:
    """Where a language says no before what is denied, «txt you, no?» denies nothing."""
    if combination.parts[0] != ("no",) or not languages()[chosen[0].language].get("no_comes_first"):
        return True
    reach = NO_REACHES_LETTERS if in_letters else NO_REACHES
    return 0 <= chosen[1].first - chosen[0].last <= reach
