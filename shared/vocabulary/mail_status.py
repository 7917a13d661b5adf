"""Why a mail server did not take a mail, or returned it: by the status code of RFC 3463 and by the server's own words.

One reading for whoever is told: the sender in its conversation, a provider's webhook, a returned mail. A code is
believed where it is definite; the general ones (5.0.0, 5.3.0) and plain digits ask the words. Only a definite «no such
user» makes an address bad.
"""

from __future__ import annotations

import re

from shared.vocabulary.reason import Reason

ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
PLAIN = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")

NO_SUCH_USER = re.compile(
    r"no such (?:user|mailbox|recipient|person|address|account)|unknown (?:user|recipient|mailbox|local[ -]part)"
    r"|(?:user|recipient|mailbox|account|address|inbox)(?: \S+)? (?:is )?(?:unknown|not found|does(?: not|n't) exist)"
    r"|(?:user|account|mailbox|email account)[^.\n]{0,60} does(?: not|n't) exist|invalid (?:recipient|mailbox)"
    r"|(?:收件人|用户|帐号|账号|邮箱|信箱)\S{0,12}不存在|无此用户|查无此",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mailbox|inbox|mail box|quota)[^.\n]{0,40}(?:full|exceed|over)|over ?quota|quota exceeded|邮箱.{0,6}满"
    r"|空间不足",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|blocked|blacklist|block ?list|denied by policy|policy|reputation|spf|dkim|dmarc|unauthenticated|"
    r"rejected for|not authorized|垃圾|拒收",
    re.IGNORECASE,
)

_RATE = re.compile(r"receiving mail (?:at a rate|too quickly)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
"""What stands in an address says nothing: «mailboxfull@…»."""

_MAILBOX_FULL = re.compile(r"[45]\.2\.2")
_OUR_OWN = re.compile(r"[45]\.1\.[78]|[45]\.7\.(?:[89]|1[1-4])|53[0458]")  # our sender address, our account's sign-in
_REFUSED = re.compile(r"[45]\.7\.\d+")
_NOBODY = re.compile(r"5\.1\.(?:1|2|3|6|10)|5\.2\.1")  # no such person, no such place, moved, disabled
_CONTENT = re.compile(r"5\.2\.3|5\.3\.4|5\.6\.\d+")
_GENERAL = re.compile(r"5\.(?:0|1|2|3|5)\.0|5\d\d")


def code_in(*texts: object) -> str | None:
    """The first enhanced status code of what a server said."""
    return _first(ENHANCED, texts)


def plain_code_in(*texts: object) -> str | None:
    """The first three digits with which a server began an answer."""
    return _first(PLAIN, texts)


def is_general(code: str) -> bool:
    """It says that it failed, and not why."""
    return _GENERAL.fullmatch(code) is not None


def reason_of(code: str | None, words: str = "") -> Reason | None:
    """Why, by an enhanced code (or the three digits of a plain one) and the server's words; None where they do not say.
    What a program or a provider wrote about it is not the server's words."""
    code, words = code or "", _ADDRESS.sub("", words)
    if _RATE.search(words):
        return Reason.TEMPORARY
    if _FULL.search(words) or _MAILBOX_FULL.fullmatch(code):
        return Reason.MAILBOX_FULL
    if _OUR_OWN.fullmatch(code):
        return Reason.SET_UP
    if _REFUSED.fullmatch(code):
        is_unknown = code == "5.7.1" and NO_SUCH_USER.search(words) and not _POLICY.search(words)  # Yandex says so
        return Reason.BAD_ADDRESS if is_unknown else Reason.POLICY
    if _NOBODY.fullmatch(code):
        return Reason.POLICY if _POLICY.search(words) and not NO_SUCH_USER.search(words) else Reason.BAD_ADDRESS
    if code.startswith("4"):
        return Reason.TEMPORARY
    if _CONTENT.fullmatch(code):
        return Reason.CONTENT
    if _POLICY.search(words):
        return Reason.POLICY
    if (not code or is_general(code)) and NO_SUCH_USER.search(words):
        return Reason.BAD_ADDRESS
    return None


def _first(pattern: re.Pattern[str], texts: tuple[object, ...]) -> str | None:
    return next((found[1] for text in texts if (found := pattern.search(str(text or "")))), None)
