"""How a name is written for people: family first and in one where the script does so; and never with a link in it."""

from __future__ import annotations

import re
import unicodedata

WRITTEN_IN_ONE = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
JOINERS = frozenset("\u200c\u200d")  # letters of Persian and of Indian scripts are joined and parted by them
_DOT = "[.\u3002\uff0e\uff61]"
_GENERIC = (
    "com|net|org|info|biz|io|app|dev|xyz|top|site|online|shop|store|link|click|club|live|page|web|cloud|icu|vip|pro|name|"
    "mobi|asia|today|news|fun|win|work|space|website|tech|me|tv|cc|ly|gl|to|travel|hotel|gov|edu"
)
LINK = re.compile(
    rf"""
      \[[^\]]*\]\([^)]*\)                                       # [text](address)
    | \b[a-z][a-z0-9+.-]{{1,15}}:\s*[/\\]\S*                    # scheme:/…
    | \b(?:https?|ftp|mailto|javascript|data|tel|sms|callto)(?:\s*:\S*|/\S*)  # not Mr Tel, nor Ms Data
    | \bwww\d?{_DOT}\S*
    | [\w-]+(?:{_DOT}[\w-]+)*{_DOT}[\w-]{{2,}}[:/?\#]\S*          # a domain with a path
    | \S+@\S+{_DOT}\S+
    | \b[\w-]+(?:{_DOT}[\w-]+)*{_DOT}(?:{_GENERIC}|xn--[\w-]+)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DOMAIN = re.compile(rf"\b[a-z0-9-]{{2,}}(?:{_DOT}[a-z0-9-]+)*{_DOT}[a-z]{{2}}\b")
_INNER_DOT = re.compile(rf"(?<=\w){_DOT}(?=\w{{2,}})")


def full_name(given: str, family: str) -> str:
    if WRITTEN_IN_ONE.search(given + family):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def plain_name(text: str) -> str:
    """Without control characters and without those that turn the direction of what follows."""
    if text.isprintable():
        return text
    return " ".join("".join(_plain(character) for character in text).split())


def without_links(text: str) -> str:
    """Leaves out what a program that shows the name would make a link of; a dot between two words that might be
    a domain gets a blank behind it.
    """
    if text.isalpha():
        return text
    found = _DOMAIN.sub(" ", LINK.sub(" ", text))
    return " ".join(_INNER_DOT.sub(". ", found).split())


def holds_link(text: str) -> bool:
    """Whether a name holds a link, or markup that may hide one."""
    return "<" in text or bool(LINK.search(text) or _DOMAIN.search(text))


def _plain(character: str) -> str:
    """What is no text at all, a lone surrogate or NUL, stays: whoever reads the name refuses it."""
    if character.isprintable() or character in JOINERS or character == "\0":
        return character
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else character if kind == "Cs" else " "
