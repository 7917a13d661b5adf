"""A whole name in one cell, split with care into given and family name: what cannot be told apart stays whole.

«Last, First», «LAST/FIRST MR» as travel systems write it, 张伟 and 欧阳娜娜, «DUPONT Jean», «Maria da Silva». A
cell that names two people is left as it is: whose name is whose, is decided elsewhere.
"""

from __future__ import annotations

import re

from services.segments.rules.people.names import PARTICLES, TITLES, Name, fold

TWO_PEOPLE = re.compile(r"[&+;]|\b(and|und|et|con|y|e)\b|[和与與及、]", re.IGNORECASE)
TWO_FAMILIES = re.compile(r"[^\W\d_]\s+[^/]*/\s*[^\W\d_]+\s+[^\W\d_]")  # John Smith/Mary Jones
COMPOUNDS = """
    欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 夏侯 轩辕 軒轅
    端木 百里 南宫 南宮
"""
COMPOUND = frozenset(COMPOUNDS.split())
CHINESE_TITLES = ("先生", "女士", "小姐", "太太", "夫人", "様", "さま")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
HANGUL = re.compile(r"[\uac00-\ud7a3]{2,4}")
LONGEST_HAN = 3


def split_name(text: str) -> Name:
    """Given and family name; all of it as the family name where it names two people or cannot be told apart."""
    whole = " ".join(text.split())
    if not whole or TWO_PEOPLE.search(whole) or TWO_FAMILIES.search(whole):
        return Name("", whole)
    bare = whole.replace("·", "")
    if HAN.fullmatch(bare.replace(" ", "")):
        return _of_han(whole)
    if HANGUL.fullmatch(whole):
        return Name(whole[1:], whole[0])
    for mark in (",", "，", "/"):
        if whole.count(mark) == 1:
            family, given = (_untitled(part.split()) for part in whole.split(mark))
            return Name(" ".join(given), " ".join(family)) if given else _of_words(family)
    return _of_words(_untitled(whole.split()))


def _of_han(whole: str) -> Name:
    for title in CHINESE_TITLES:
        whole = whole.removesuffix(title).strip()
    parts = whole.split(" ")
    if len(parts) == 2:
        return Name(parts[1], parts[0])
    joined = "".join(parts)
    if joined[:2] in COMPOUND and len(joined) > 2:
        return Name(joined[2:], joined[:2])
    if "·" in whole or len(joined) > LONGEST_HAN:  # a foreign name, or a Japanese one
        return Name("", whole)
    return Name(joined[1:], joined[:1])


def _of_words(words: list[str]) -> Name:
    if len(words) < 2:
        return Name("", " ".join(words))
    loud = [len(word) > 1 and word.isupper() and word.upper() != word.lower() for word in words]
    if any(loud) and not all(loud):  # DUPONT Jean, Jean DUPONT
        named = [word for word, is_loud in zip(words, loud, strict=True) if is_loud]
        if loud == sorted(loud) or loud == sorted(loud, reverse=True):
            rest = [word for word, is_loud in zip(words, loud, strict=True) if not is_loud]
            return Name(" ".join(rest), " ".join(named))
    family = len(words) - 1
    while family > 1 and fold(words[family - 1]) in PARTICLES:
        family -= 1
    return Name(" ".join(words[:family]), " ".join(words[family:]))


def _untitled(words: list[str]) -> list[str]:
    return [word for word in words if fold(word).rstrip(".") not in TITLES] or words
