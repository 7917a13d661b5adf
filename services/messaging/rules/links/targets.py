"""Links in what guests read: where they may lead, which are tracked, how they are numbered and marked.

A target is the text that was published: an address, in which values such as `{{ property.name }}` may stand behind the
host. What is published is numbered once, the first is 1, and its numbers never change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote

from shared.contact_points.emails import ascii_email
from shared.errors import Problem

SCHEMES = ("https", "http", "tel", "mailto")
LONGEST = 2_000
VALUE = r"\{\{[^{}]*\}\}"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
PLAIN = re.compile(rf"https?://(?:{VALUE}|[!#-&(-;=?-\[\]-_a-z|~])+", re.IGNORECASE)  # no blank, quote, angle, brace
HTTP = re.compile(
    r"https?://(?P<host>[^\s/?#:@{}\\<>\"']+)(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?#].*)?", re.IGNORECASE | re.DOTALL
)
LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
TEL = re.compile(r"tel:\+?[0-9][0-9().\- ]{2,30}", re.IGNORECASE)
MAILTO = re.compile(r"mailto:([^?\s]+)(\?[!-~]*)?", re.IGNORECASE)
MAPS = re.compile(
    r"(maps\.google\.[a-z.]+|(www\.)?google\.[a-z.]+/maps|maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple\.com|"
    r"(www\.)?bing\.com/maps|(www\.)?openstreetmap\.org|(www\.)?waze\.com|uri\.amap\.com|(www\.|ditu\.)?amap\.com|"
    r"map\.baidu\.com|api\.map\.baidu\.com|j\.map\.baidu\.com|map\.naver\.com|map\.kakao\.com)(?=[/?#:]|$)",
    re.IGNORECASE,
)
FOR_GUESTS = ("/join/",)
"""Beginnings of our own pages that are the same for every guest; the others belong to one message or to colleagues."""

SOURCE = "guestloop"
MOST_OF_A_NAME = 100


def plain_links(text: str) -> list[tuple[int, int]]:
    """Where addresses stand in a text, without the full stop or the bracket that follows one. What begins within a
    value or a condition is no writing."""
    if "://" not in text:
        return []
    tags = [found.span() for found in TAG.finditer(text)]
    return [
        (found.start(), found.start() + len(_without_its_end(found[0])))
        for found in PLAIN.finditer(text)
        if not any(start < found.start() < end for start, end in tags)
    ]


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Words and the address behind them, which is empty behind the last."""
    at = 0
    for start, end in plain_links(text):
        yield text[at:start], text[start:end]
        at = end
    yield text[at:], ""


def _without_its_end(address: str) -> str:
    while address[-1] in ".,;:!?*_'" or (address[-1] == ")" and address.count("(") < address.count(")")):
        address = address[:-1]
    return address


def is_web(target: str) -> bool:
    return target[:8].lower().startswith(("http://", "https://"))


def is_tracked(target: str) -> bool:
    """Whether it leads by way of us: telephone numbers, addresses and maps open in a program of the guest's."""
    return is_web(target) and not MAPS.match(target.split("://", 1)[1])


def problem_of(target: str, own: Collection[str] = ()) -> Problem | None:
    """What is wrong with a target as it is written. `own`: origins of this installation."""
    if len(target) > LONGEST:
        return Problem(f"Longer than maximum length {LONGEST}.", "too_long", most=LONGEST)
    if is_web(target):
        return _problem_of_web(target, own)
    if target.lower().startswith("tel:"):
        return None if TEL.fullmatch(target) else Problem(f"«{target}» is no telephone number", "link_tel", link=target)
    if target.lower().startswith("mailto:"):
        found = MAILTO.fullmatch(target)
        is_sound = found and re.fullmatch(r"[^@]+@[^@]+\.[^@.]+", ascii_email(found[1]))
        return None if is_sound else Problem(f"«{target}» is no address of a mailbox", "link_mailto", link=target)
    return Problem(f"«{target}» is not one of the links, nor an address of https, http, tel or mailto", "no_link")


def _problem_of_web(target: str, own: Collection[str]) -> Problem | None:
    found = HTTP.fullmatch(target)
    if found is None or not _is_host(found["host"]) or int(found["port"] or 1) not in range(1, 65_536):
        return Problem(f"«{target}» names no host that a browser could find", "link_host", link=target)
    rest = re.sub(VALUE, "", found["rest"] or "")
    if re.search(r"[\s{}<>\"\\]", rest) or re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        return Problem(f"«{target}» has a blank or a sign in it that no address has", "link_signs", link=target)
    origins = {origin.lower().rstrip("/") for origin in own}
    if target[: len(target) - len(found["rest"] or "")].lower() in origins and not rest.startswith(FOR_GUESTS):
        return Problem(f"«{target}» is a page of ours that guests cannot open", "link_own", link=target)
    return None


def _is_host(host: str) -> bool:
    labels = host.rstrip(".").split(".")
    return len(host) <= 253 and len(labels) > 1 and all(map(LABEL.fullmatch, labels))


def with_utm(url: str, *, channel: str, journey: str, step: str) -> str:
    """Where a visit came from, for the counting of the page it leads to. What is there already stays as it is."""
    address, hash_, fragment = url.partition("#")
    there = {pair.partition("=")[0].lower() for pair in address.partition("?")[2].split("&")}
    marks = {"utm_source": SOURCE, "utm_medium": channel, "utm_campaign": journey, "utm_content": step}
    added = [
        f"{name}={quote(value[:MOST_OF_A_NAME], safe='')}"
        for name, value in marks.items()
        if value and name not in there
    ]
    if not added:
        return url
    join = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{join}{'&'.join(added)}{hash_}{fragment}"


def without_values(target: str) -> str:
    """The target where nothing is known to fill it in with any more: what a value stands in goes, a whole parameter, or
    the path from there on."""
    address, _, fragment = target.partition("#")
    path, _, query = address.partition("?")
    if "{{" in path:
        return path[: path.index("{{")].rpartition("/")[0] + "/"
    kept = "&".join(pair for pair in query.split("&") if pair and "{{" not in pair)
    return path + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment and "{{" not in fragment else "")


def shown_as(target: str) -> str:
    """As one reads it: without what is only for machines."""
    return re.split(r"[?#]|\{\{", target.split("://", 1)[-1])[0].rstrip("/")
