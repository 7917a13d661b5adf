"""How plausible a word is in an encoding: 1 is as names are written, 0 is what comes of the wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from shared.table_files.letters import alphabets
from shared.table_files.reading import Encoding

Rate = Callable[[str], float]
WORDS = re.compile(r"[^\W\d_]+")
QUIET = frozenset("€£°®©™§")
"""Signs that stand by themselves or beside figures, in any language."""
BESIDE_LETTERS = frozenset("’´·‘‚“”„«»¡¿…–—\xa0")
INSIDE_WORDS = frozenset("’´·\xa0")
OPENING = frozenset("‚„¡¿")
SELDOM = 0.6
"""How plausible the best of an encoding is that is hardly met: another one that is as good goes before it."""
CJK_SIGNS = frozenset("（）·，、。：；—－／＊【】《》“”‘’　・々ー")


def latin(languages: Collection[str], vowels: str, odd: str) -> Rate:
    alphabet = [frozenset(one) for one in languages]
    odd_place = re.compile(odd)

    def rate(text: str) -> float:
        return min(_signs(text), *(_latin_word(word, alphabet, vowels, odd_place) for word in WORDS.findall(text)), 1.0)

    return rate


def _signs(text: str) -> float:
    for place, sign in enumerate(text):
        if sign.isascii() or sign.isalpha():
            continue
        if sign in BESIDE_LETTERS:
            behind, ahead = text[max(place - 1, 0) : place].isalpha(), text[place + 1 : place + 2].isalpha()
            if sign not in INSIDE_WORDS and behind and (ahead or sign in OPENING):
                return 0.3
            continue
        touches = any(map(str.isalpha, text[max(place - 1, 0) : place + 2]))
        if touches or sign not in QUIET:
            return 0.1 if touches else 0.3
    return 1.0


def _latin_word(word: str, alphabet: Collection[frozenset[str]], vowels: str, odd: re.Pattern[str]) -> float:
    small = word.lower().replace("i\u0307", "i")  # of İ
    marked = [letter for letter in small if not letter.isascii()]
    if not marked:
        return 1.0
    if len(marked) > 1 and len(marked) * 2 > len(small) + 1:
        return 0.1
    if not any(language.issuperset(marked) for language in alphabet):
        return 0.2
    found = 1.0
    if not word.isupper() and any(one.isupper() and not one.isascii() for one in word[1:]):
        found = 0.3
    if odd.search(small) or _breathless(small, vowels):
        found = min(found, 0.4)
    return found


def _breathless(small: str, vowels: str) -> bool:
    """Whether a marked letter stands in a run that nobody can say: four vowels, or three consonants at the head."""
    kinds = "".join("v" if letter in vowels else "c" for letter in small)
    runs = [(run.start(), run.end()) for run in re.finditer(r"v{4,}|c{4,}|^c{3,}", kinds)]
    alone = len(small) > 2 and "v" not in kinds
    return alone or any(not small[start:end].isascii() for start, end in runs)


def cyrillic(text: str) -> float:
    return min(_signs(text), *map(_cyrillic_word, WORDS.findall(text)), 1.0)


def _cyrillic_word(word: str) -> float:
    small = word.lower()
    if small.isascii():
        return 1.0
    if any(letter.isascii() for letter in small) or small[0] in "ъьы":
        return 0.0
    if not word.isupper() and any(map(str.isupper, word[1:])):
        return 0.1
    others = sum(letter not in alphabets.CYRILLIC for letter in small)
    if any(letter not in alphabets.CYRILLIC + alphabets.CYRILLIC_OF_OTHERS for letter in small) or others * 2 > len(
        small
    ):
        return 0.1
    if len(small) > 2 and not set(small) & set(alphabets.CYRILLIC_VOWELS):
        return 0.3
    return 1.0 if len(small) > 2 else 0.7


def greek(text: str) -> float:
    return min(_signs(text), *map(_greek_word, WORDS.findall(text)), 1.0)


def _greek_word(word: str) -> float:
    small = word.lower()
    if small.isascii():
        return 1.0
    if any(letter not in alphabets.GREEK for letter in small) or "ς" in small[:-1]:
        return 0.0
    if not word.isupper() and any(map(str.isupper, word[1:])):
        return 0.1
    stressed = sum(letter in alphabets.GREEK_STRESSED for letter in small)
    return (1.0 if stressed == 1 else 0.4) if not word.isupper() else 0.8 if not stressed else 0.4


def seldom(rate: Rate) -> Rate:
    return lambda text: SELDOM * rate(text)


def ideographic(encoding: Encoding, common: frozenset[str], script: Rate) -> Rate:
    """`script`: how plausible a letter is that is not among the common ones."""

    def rate(text: str) -> float:
        rated = []
        for place, letter in enumerate(text):
            if letter.isascii():
                continue
            beside = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
            spelt = letter.encode(encoding, "replace")
            if any(one.isascii() and one.isalpha() for one in beside) and (spelt[-1] < 0x80 or len(spelt) == 1):
                return 0.0  # «Müller» makes an ideograph of its ü and the letter behind
            if any(one.isascii() and one.islower() for one in beside):
                return 0.2  # «VIP» stands beside ideographs, «Zo» does not
            rated.append(1.0 if letter in common else 0.6 if letter in CJK_SIGNS else script(letter))
        return sum(rated) / len(rated) if rated else 1.0

    return rate


def _of_gb2312(letter: str) -> float:
    return _by_level(letter, "gb2312", 0xB0, 0xD7, 0xF7)


def _of_big5(letter: str) -> float:
    return _by_level(letter, "big5", 0xA4, 0xC6, 0xF9)


def _of_jis(letter: str) -> float:
    if "\u3041" <= letter <= "\u30ff":
        return 0.8
    if "\uff61" <= letter <= "\uff9f":
        return 0.35
    return _by_level(letter, "shift_jis", 0x88, 0x97, 0xEA)


def _of_hangul(letter: str) -> float:
    return 0.5 if "\uac00" <= letter <= "\ud7a3" else 0.15


def _by_level(letter: str, charset: str, first: int, common_to: int, last: int) -> float:
    """Charsets list their common ideographs first, the rare ones behind."""
    try:
        lead = letter.encode(charset)[0]
    except UnicodeEncodeError:
        return 0.1
    if not "\u4e00" <= letter <= "\u9fff":
        return 0.1
    return 0.6 if first <= lead <= common_to else 0.3 if lead <= last else 0.1


WESTERN = latin(alphabets.WESTERN, alphabets.WESTERN_VOWELS, alphabets.WESTERN_ODD)
RATES: dict[Encoding, Rate] = {
    Encoding.WESTERN: WESTERN,
    Encoding.CENTRAL: latin(alphabets.CENTRAL, alphabets.CENTRAL_VOWELS, alphabets.CENTRAL_ODD),
    Encoding.TURKISH: latin(alphabets.TURKISH, alphabets.TURKISH_VOWELS, alphabets.TURKISH_ODD),
    Encoding.CYRILLIC: cyrillic,
    Encoding.GREEK: greek,
    Encoding.CHINESE: ideographic(Encoding.CHINESE, alphabets.SIMPLIFIED, _of_gb2312),
    Encoding.TAIWAN: ideographic(Encoding.TAIWAN, alphabets.TRADITIONAL, _of_big5),
    Encoding.JAPANESE: ideographic(Encoding.JAPANESE, alphabets.JAPANESE, _of_jis),
    Encoding.KOREAN: ideographic(Encoding.KOREAN, alphabets.KOREAN, _of_hangul),
    Encoding.MAC: seldom(WESTERN),
    Encoding.DOS: seldom(WESTERN),
}
