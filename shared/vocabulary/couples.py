"""Whether a written name is two people's: «John and Mary Smith», «Mr & Mrs Smith», «张伟和李娜».

What is theirs together is nobody's alone. Real names keep out of it: «de la Cruz y García», «Ortega y Gasset», «Costa e
Silva», «Ana E. Silva», «王和平», «Kumar s/o Raman». Where a connector may be either, the case of its letter, the column
and the words beside it decide; a wrong «two» only keeps a name apart, a wrong «one» gives one person the other's data.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

AND = frozenset({"and", "und", "et", "og", "och", "és", "и", "και", "和", "与", "與", "及", "u."})
AND_OR_A_NAME = frozenset({"y", "e"})  # an initial, a given name, or between two family names of one person
MISTER = frozenset({
    "mr", "mrs", "ms", "miss", "dr", "herr", "frau", "hr", "fr", "sr", "sra", "srta", "señor", "señora", "senhor",
    "senhora", "dom", "dona", "don", "doña", "m", "mme", "mlle", "monsieur", "madame", "signor", "signora", "sig",
})  # fmt: skip
HUSBAND = frozenset({"mr", "herr", "sr", "monsieur", "signor"})
WIFE = frozenset({"mrs", "frau", "sra", "mme", "madame"})
FAMILY = frozenset({"family", "familie", "familia", "família", "famille", "famiglia", "eheleute"})
TWO_IN_HAN = ("夫妇", "夫婦", "夫妻")
VIETNAMESE = frozenset({"thi", "van", "ngoc", "nguyen", "tran", "pham"})
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖萧蕭田董袁潘于蒋蔣"
    "蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范石廖贾賈夏韦韋付傅方白邹鄒孟熊秦邱江尹薛闫段雷侯龙龍史陶黎贺賀"
    "顾顧毛郝龚龔邵万萬钱錢严嚴武戴莫孔向汤湯"
)
MAYBE = re.compile(
    r"[&＆+＋/／;；、和与與及]|夫妇|夫婦|夫妻|famil|famíl|famigl|eheleute|\b(?:and|und|et|e|y|og|och|és|и|και|mrs|frau|sra|mme|madame)\b"
    r"|\bu\.",
    re.IGNORECASE,
)
WORDS = frozenset({"and", "und", "et", "e", "y", "og", "och", "mrs", "frau", "sra", "mme", "madame", "u"})  # of `MAYBE`
APART = str.maketrans({chr(code): " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")})
SIGN = re.compile(r"\s*(?:[&＆+＋;；、]|(?<!\b\w)[/／]|[/／](?!\w\b))\s*")
ASCII_SIGNS = frozenset("&+/;")
SIGNS = "&＆+＋/、"
HAN_AND = re.compile("(.{2,4}?)[和与與及](.{2,4})")
LETTER = re.compile(r"[^\W\d_]")


def names_two(given_name: str, family_name: str, title: str | None = None) -> bool:
    """Whether these columns name two people. A title of two counts where no given name says whose it is."""
    if title and not given_name.strip() and _are_two_titles(title):
        return True
    text = f"{given_name} {family_name}"
    return _deserves_a_look(text) and bool(MAYBE.search(text)) and _are_two_names(given_name, family_name)


def _deserves_a_look(text: str) -> bool:
    """False where `MAYBE` finds nothing in it, as in nearly every name: found out in half of its time."""
    if not text.isascii():
        return True
    small = text.lower()
    words = small.translate(APART).split()
    return not (ASCII_SIGNS.isdisjoint(small) and WORDS.isdisjoint(words)) or "famil" in small or "eheleute" in small


@lru_cache(maxsize=2_000)
def _are_two_names(given_name: str, family_name: str) -> bool:
    given, family = _plain(given_name), _plain(family_name)
    if given and family:
        return _two_given(given) or _two_family(family) or _across(given, family) or _says_so(f"{given} {family}")
    return _two_in_one(given or family, is_given=bool(given))


def _plain(text: str) -> str:
    return " ".join((unescape(text) if "&" in text else text).split())


def _two_given(text: str) -> bool:
    return _signed(text) or _joined(text, AND | AND_OR_A_NAME)


def _two_family(text: str) -> bool:
    return _signed(text) or _joined(text, AND)


def _across(given: str, family: str) -> bool:
    """The connector ends one column or begins the other: «John &» «Smith», «Mr» «and Mrs Smith»."""
    before, after = given.split(), family.split()
    if before[-1][-1] in SIGNS or after[0][0] in SIGNS:
        return True
    return (len(after) > 1 and after[0].lower() in AND) or (len(before) > 1 and before[-1].lower() in AND)


def _two_in_one(text: str, *, is_given: bool) -> bool:
    """A whole name in one column."""
    if _is_ticket_style(text):
        return False
    if _signed(text) or _joined(text, AND) or _says_so(text):
        return True
    words = text.split()
    for place in range(1, len(words) - 1):
        if _may_be_and(words, place):
            ahead, behind = place, len(words) - place - 1
            if behind >= 2 or (is_given and ahead == 1):  # «João e Maria Silva», not «José Ortega y Gasset»
                return True
    return False


def _signed(text: str) -> bool:
    """A sign between two parts that both hold a letter. A letter at a stroke is an abbreviation: «s/o», «n/a»."""
    parts = [part for part in SIGN.split(text) if LETTER.search(part)]
    return len(parts) >= 2 and not ("/" in text and len(parts) == 2 and _is_one_twice(*parts))


def _is_one_twice(one: str, other: str) -> bool:
    """One name in two spellings or endings: Jerónimo/Gerónimo, Schatz/e. Mario/Maria are two."""
    if len(one) != len(other):
        return len(other) <= 2
    differ = [{a, b} for a, b in zip(one.lower(), other.lower(), strict=True) if a != b]
    return len(differ) == 1 and differ[0] not in ({"a", "o"}, {"a", "e"})


def _joined(text: str, connectors: frozenset[str]) -> bool:
    words = text.split()
    for place in range(1, len(words) - 1):
        word = words[place]
        if word.lower() in (connectors & AND):
            return True
        if word.lower() in connectors and _may_be_and(words, place):
            return True
    return False


def _may_be_and(words: list[str], place: int) -> bool:
    """Of «y» and «e»: written small, or all in capitals between two words that are no Vietnamese syllables."""
    word = words[place]
    if word.lower() not in AND_OR_A_NAME:
        return False
    before, after = words[place - 1].lower().strip("."), words[place + 1].lower().strip(".")
    if word.islower() or (before in MISTER and after in MISTER):
        return True
    shouted = all(each.isupper() for each in words)
    return shouted and min(len(before), len(after)) >= 3 and before not in VIETNAMESE


def _says_so(text: str) -> bool:
    words = {word.strip(".").lower() for word in text.split()}
    if (words & FAMILY and len(words) > 1) or (words & HUSBAND and words & WIFE):
        return True
    if any(word in text for word in TWO_IN_HAN):
        return True
    return any(_are_two_han(word) for word in text.split())


def _are_two_han(text: str) -> bool:
    """Two family names, each with a given name behind it: 张伟和李娜, and not 王和平 or 山本和香子."""
    found = HAN_AND.fullmatch(text)
    return bool(found and all(part[0] in SURNAMES for part in found.groups()))


def _is_ticket_style(text: str) -> bool:
    """«SMITH/JOHN MR», as airlines and their systems write one person."""
    family, stroke, given = text.partition("/")
    words = given.split()
    if not stroke or "/" in given or " " in family.strip() or not words:
        return False
    return text.isupper() or words[-1].strip(".").lower() in MISTER


def _are_two_titles(title: str) -> bool:
    words = {word.strip(".").lower() for word in re.split(r"[\s&＆+]+", title) if word}
    return bool((words & HUSBAND and words & WIFE) or words & FAMILY)
