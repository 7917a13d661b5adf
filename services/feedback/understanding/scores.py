"""A score, only where the whole reply is one: a number, its scale, and perhaps a comment that is set off from it.

What comes before the number must be words that lead up to one («I give it a»), what comes directly behind it a scale,
a unit, or courtesy. Anything else makes it a number in a sentence («9 pillows were missing»), which a person reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.understood import FULL_SCALE, Score
from services.feedback.understanding.vocabulary import Match, covers, is_so_written

SCALES = (5, 7, 10, 20, 100)
STARS = 5
SETS_OFF = re.compile(r"[,;.!:…()，。！；：、،؛।\n\r]|\s?[–—]\s?|\s-+\s?|-+\s")
SPOILS = re.compile(r"[%€$£¥₩₹#@^=<>&?+？٪°]")
"""Signs that make a number a price, a share, a question or a number of something."""
SPOILT = re.compile(rf"\s?{SPOILS.pattern}")
RANGE = re.compile(r"\s*(?:-|–|—|~|〜|～|/|\.\.|、)\s*")
FACES = re.compile(r"\s*(?:[:;=]-?3|8-\)|<3+)\s*", re.IGNORECASE)
"""«:3» is a cat, «8-)» wears glasses."""
ONLY_STARS = re.compile("[\\s!！.。]*((?:[⭐★🌟]\\s*){1,5})((?:☆\\s*){0,4})[\\s!！.。]*")


@dataclass(frozen=True)
class ScoreFound:
    """`score`; `asks`: two numbers between which the guest must choose; `unsure`: a person decides."""

    score: Score | None = None
    asks: tuple[int, int] | None = None
    unsure: bool = False
    words: tuple[str, ...] = ()


NONE = ScoreFound()


@dataclass(frozen=True)
class _Number:
    """At tokens `first` to `last`; `sure` is false of a word that is a number in one language only."""

    value: int
    first: int
    last: int
    sure: bool = True


def score_in(
    text: Text, matches: Sequence[Match], language: str | None = None, theirs: str | None = None
) -> ScoreFound:
    """`language`: the text's, where one short word says «but» in one and «of» in another; `theirs`: the guest's, where
    «9 of 10» says «or» in Dutch.
    """
    if found := ONLY_STARS.fullmatch(text.original.replace("\ufe0f", "")):
        stars, left = (len(re.sub(r"\s", "", part)) for part in found.groups())
        if left and stars + left != STARS:
            return ScoreFound(unsure=True, words=(text.original.strip(),))
        return ScoreFound(Score(stars, STARS, text.original.strip()), words=(text.original.strip(),))
    if FACES.fullmatch(text.original):
        return NONE
    reader = _Reader(text, matches, language, theirs)
    number = reader.number_at(reader.past_lead())
    if number is None or _spoilt_before(text, number.first):
        return NONE
    return reader.rest_of(number)


def _spoilt_before(text: Text, place: int) -> bool:
    """«-1», «#9», «$9», «room9»."""
    before = text.between(place)
    glued = place > 0 and not before and text.tokens[place].is_number and text.tokens[place - 1].text.isascii()
    return glued or bool(SPOILS.search(before) or re.search(r"[-−]$", before))


class _Reader:
    def __init__(self, text: Text, matches: Sequence[Match], language: str | None, theirs: str | None) -> None:
        self._text = text
        self._matches = matches
        self._language = language
        self._spoken = {language, (theirs or "").partition("-")[0]}

    def past_lead(self) -> int:
        """The token behind the words that lead up to a score, or 0 where none do. Digits come first: «le doy un 9»."""
        places = range(len(self._text.tokens))
        digits = next((place for place in places if self._text.tokens[place].is_number), None)
        words = next((place for place in places if self.number_at(place)), None)
        return next((place for place in (digits, words) if place is not None and self._leads_to(place)), 0)

    def _leads_to(self, place: int) -> bool:
        before = range(place)
        if covers(self._named("courtesy", "stop"), before):
            return True
        led = any(match.last < place for match in self._named("score_lead"))
        return led and covers(self._named("score_lead", "score_filler", "courtesy", "stop"), before)

    def number_at(self, place: int) -> _Number | None:
        tokens = self._text.tokens
        if place >= len(tokens):
            return None
        token = tokens[place]
        if token.is_number:
            return _Number(int(token.text), place, place) if len(token.text) <= 3 and _plain(token.text) else None
        named = [match for match in self._matches if match.first == place and match.concept.startswith("number ")]
        if not named:
            return None
        last = max(match.last for match in named)
        if any(match.first <= place and match.last > last for match in self._named("stop")):
            return None  # «opt» is eight in Romanian, and 구 nine in Korean
        if not is_so_written(self._text.words(place, last)):
            return None
        values = {int(match.concept.split()[1]) for match in named if match.last == last}
        doubtful = [match for match in self._named("not_a_number") if match.first == place and match.last >= last]
        return _Number(min(values), place, last, len(values) == 1 and not doubtful)

    def rest_of(self, number: _Number) -> ScoreFound:
        """What stands behind the number decides."""
        if asks := self._two(number):
            return asks
        scale, unit, place = self._scale(number)
        if scale is None:
            return NONE
        said = self._text.words(number.first, place - 1)
        behind = self._text.between(place)
        unsure = ScoreFound(unsure=number.value <= scale, words=(said,))
        if number.value > scale or not (number.sure or unit):
            return unsure
        if self._may_be_very(number, place, behind):
            return unsure
        at_end = place == len(self._text.tokens)
        if SPOILT.match(behind) or (at_end and SPOILS.search(behind)):
            return unsure if "?" in behind or "+" in behind else NONE
        comment = self._comment(place, behind)
        if comment is None:
            return unsure if self._may_be_one(place, behind) else NONE
        score = Score(number.value, scale, said, comment or None)
        low = number.value * FULL_SCALE // scale
        return ScoreFound(score, (low, low + 1) if score.of_ten is None else None, words=(said,))

    def _may_be_very(self, number: _Number, place: int, behind: str) -> bool:
        """«十分»: ten points, and «very» before whatever it runs on into («十分推荐»)."""
        if behind or place == len(self._text.tokens) or covers(self._named("particle"), range(place, place + 1)):
            return False
        return any(match.first == number.first and match.last + 1 == place for match in self._named("very"))

    def _comment(self, place: int, behind: str) -> str | None:
        """Empty where nothing is added; None where what follows is not set off from the number."""
        tokens, text = self._text.tokens, self._text
        rest = range(place, len(tokens))
        if covers(self._named("courtesy", "score_tail", "stop"), rest):
            return ""
        if self.number_at(place):
            return None
        but = [match for match in self._named("but") if match.first == place]
        if any(match.first == place for match in self._named("of")):  # «de»: «uno de los mejores» is no score
            but = [match for match in but if match.language == self._language]
        if not but and not SETS_OFF.search(behind):
            return None
        if not but and self._counts(place, behind):
            return None
        start = tokens[place].start
        return text.folded.after(start).strip()

    def _counts(self, place: int, behind: str) -> bool:
        """«3. Stock», «8:30»: a sign that sets nothing off."""
        glued = re.fullmatch(r"[.:,'’]", behind) is not None
        ordinal = behind.strip() == "." and any(match.first == place for match in self._named("counted"))
        return glued or ordinal or behind.startswith(")") or self._is_list(place)

    def _is_list(self, place: int) -> bool:
        """«1. … 2. …»: what is counted are complaints."""
        counted = self._text.tokens[place - 1]
        following = str(int(counted.text) + 1) if counted.is_number else ""
        return any(
            token.text == following and re.match(r"[.)]", self._text.between(place + number + 1))
            for number, token in enumerate(self._text.tokens[place:])
        )

    def _may_be_one(self, place: int, behind: str) -> bool:
        """Not «9th», «9am», «8:30», «2 nights», «2 of us»."""
        glued = not behind.strip(".,") and not re.search(r"\s", behind)
        first = [match.concept for match in self._matches if match.first == place]
        return not (glued or re.fullmatch(r"[:.,]", behind) or "counted" in first or "of" in first)

    def _two(self, number: _Number) -> ScoreFound | None:
        """Halves and ranges: «8.5», «8½», «8-9», «8 or 9»."""
        text, tokens = self._text, self._text.tokens
        other = self.number_at(number.last + 1)
        between = text.between(number.last + 1)
        half = next((m for m in self._named("half") if m.first == number.last + 1), None)
        if half and number.value < FULL_SCALE and self._ends(half.last + 1):
            return self._asks(number.value, number.value + 1, number.first, half.last)
        if tokens[number.last].is_number and between in (".", ",") and number.last + 1 < len(tokens):
            digits = tokens[number.last + 1].text
            _, _, place = self._scale(_Number(number.value, number.first, number.last + 1))
            if digits.isdigit() and len(digits) <= 2 and number.value < FULL_SCALE and self._ends(place):
                if not int(digits):
                    return ScoreFound(Score(number.value, FULL_SCALE, text.words(number.first, place - 1)))
                return self._asks(number.value, number.value + 1, number.first, place - 1)
        link = next((m for m in self._named("or") if m.first == number.last + 1), None)
        if link:
            other = self.number_at(link.last + 1)
            if other and self._is_scale(number, link, other):
                return None
        if other is None or not (link or RANGE.fullmatch(between) or _runs_on(text, number, other)):
            return None
        rising = number.value < other.value <= FULL_SCALE
        is_fraction = "/" in between and other.value in SCALES
        _, _, place = self._scale(other)
        if rising and not is_fraction and self._ends(place):
            return self._asks(number.value, other.value, number.first, other.last)
        return None

    def _is_scale(self, number: _Number, link: Match, other: _Number) -> bool:
        """«9 of 10» from whoever does not write Dutch."""
        if other.value not in SCALES or number.value > other.value:
            return False
        said = [match for match in self._named("or", "of") if (match.first, match.last) == (link.first, link.last)]
        links = {match.language for match in said if match.concept == "or"}
        return any(match.concept == "of" for match in said) and not links & self._spoken

    def _asks(self, low: int, high: int, first: int, last: int) -> ScoreFound:
        return ScoreFound(asks=(low, high), words=(self._text.words(first, last),))

    def _ends(self, place: int) -> bool:
        """Nothing follows but courtesy, or what follows is set off."""
        behind = self._text.between(place)
        return place >= len(self._text.tokens) or self._comment(place, behind) is not None

    def _scale(self, number: _Number) -> tuple[int | None, bool, int]:
        """The scale, whether it or a unit is named, and the token behind it; None where it is no scale («24/7»)."""
        place, scale, unit = number.last + 1, FULL_SCALE, False
        between = self._text.between(place)
        of = next((m for m in self._named("of", "points") if m.first == place and m.concept == "of"), None)
        top = self.number_at(of.last + 1) if of else self.number_at(place) if between.strip() == "/" else None
        if top is not None:
            if top.value not in SCALES:
                return None, False, place
            place, scale, unit = top.last + 1, top.value, True
        for match in self._named("stars", "points"):
            if match.first == place and (match.concept == "points" or number.value <= STARS):
                scale = STARS if match.concept == "stars" and top is None else scale
                return scale, True, match.last + 1
        return scale, unit, place

    def _named(self, *concepts: str) -> list[Match]:
        return [match for match in self._matches if match.concept in concepts]


def _plain(digits: str) -> bool:
    return str(int(digits)) == digits


def _runs_on(text: Text, number: _Number, other: _Number) -> bool:
    """«八九分»: two neighbours in a script without spaces."""
    near = other.first == number.last + 1 and other.value == number.value + 1
    return near and not text.between(other.first) and not text.tokens[number.first].is_number
