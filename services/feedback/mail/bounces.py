"""Mail that a server returned, and why: RFC 3464 first, then what older servers write.

Only a definite «no such user» makes an address bad. Status codes are believed where they are definite; the general ones
(5.0.0, 5.3.0) ask the server's own words.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.message import Message

import structlog

from services.feedback.mail.parts import header, own_branches, text_of
from shared.vocabulary.reason import Reason

BAD_ADDRESS = re.compile(r"5\.1\.(?:1|2|3|6|10)|5\.2\.1")
SENDER = re.compile(r"[45]\.1\.[78]")
GENERAL = re.compile(r"5\.(?:0|1|2|3|5)\.0")
ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
PLAIN = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")
NO_SUCH_USER = re.compile(
    r"no such (?:user|mailbox|recipient|person|address|account)|unknown (?:user|recipient|mailbox|local[ -]part)"
    r"|(?:user|recipient|mailbox|account|address|inbox)(?: \S+)? (?:is )?(?:unknown|not found|does(?: not|n't) exist)"
    r"|(?:user|account|mailbox|email account)[^.\n]{0,60} does(?: not|n't) exist|invalid (?:recipient|mailbox)"
    r"|(?:收件人|用户|帐号|账号|邮箱|信箱)\S{0,12}不存在|无此用户|查无此",
    re.IGNORECASE,
)
FULL = re.compile(
    r"(?:mailbox|inbox|mail box|quota)[^.\n]{0,40}(?:full|exceed|over)|over ?quota|quota exceeded|邮箱.{0,6}满"
    r"|空间不足",
    re.IGNORECASE,
)
POLICY = re.compile(
    r"spam|blocked|blacklist|block ?list|denied by policy|policy|reputation|spf|dkim|dmarc|unauthenticated|"
    r"rejected for|not authorized|垃圾|拒收",
    re.IGNORECASE,
)
RATE = re.compile(r"receiving mail (?:at a rate|too quickly)", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
"""What stands in an address says nothing: «mailboxfull@…»."""
SERVERS = re.compile(r"\b(?:mailer-daemon|postmaster|mdaemon)@|mail delivery (?:sub)?system", re.IGNORECASE)
RETURNED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|unsuccessful)|returned mail|mail delivery|failure notice"
    r"|unzustellbar|non remis|échec de (?:la )?remise|no se puede entregar|não entregue|退信|系统退信|投递失败"
    r"|配信不能",
    re.IGNORECASE,
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Returned:
    """`is_final`: it came back; else it is late, and tried further."""

    is_final: bool
    reason: Reason | None
    code: str | None


def returned(mail: Message) -> Returned | None:
    """What a report of RFC 3464 says; None for a mail that is none. Of several recipients the worst."""
    found = [_of_recipient(block) for block in _blocks(mail) if block.get("Action") or block.get("Status")]
    if not found:
        return None
    return next((one for one in found if one.is_final), found[0])


def is_of_a_server(mail: Message) -> bool:
    """A mail server wrote it, not a person."""
    is_null = header(mail, "Return-Path").replace(" ", "") == "<>"
    return bool(SERVERS.search(header(mail, "From")) or is_null or mail.get("X-Failed-Recipients"))


def names_failed(mail: Message) -> bool:
    """Exim marks what it returns as automatic, and names the addresses that failed."""
    return bool(header(mail, "X-Failed-Recipients"))


def seems_returned(mail: Message) -> bool:
    """A mail server may have written it."""
    return is_of_a_server(mail) or RETURNED.match(header(mail, "Subject")) is not None


def returned_in_words(mail: Message) -> Returned | None:
    """What a server that knows no RFC 3464 returned; None where nothing says so. The library that knows the forms of
    many servers breaks on some mails, and then knows nothing."""
    from flufl.bounce import all_failures  # seldom needed

    logging.getLogger("flufl.bounce").disabled = True  # it would log what it trips over
    try:
        temporary, permanent = all_failures(mail)
    except Exception as error:  # whatever it trips over in a stranger's mail
        log.info("a returned mail is of no known form", error=type(error).__name__)
        temporary, permanent = frozenset(), frozenset()
    text = text_of(mail)
    code = _first(ENHANCED, text) or (_first(PLAIN, text) if is_of_a_server(mail) else None)  # else a room's number
    if not (temporary or permanent or (code and (RETURNED.search(text) or NO_SUCH_USER.search(text)))):
        return None
    if temporary and not permanent:
        return Returned(False, None, code)
    return Returned(True, reason_of(code or "5.0.0", text), code)


def reason_of(status: str, words: str) -> Reason:
    """Why, by the enhanced status code (or the three digits of a plain one) and the server's words."""
    words = ADDRESS.sub("", words)
    if RATE.search(words):
        return Reason.TEMPORARY
    if FULL.search(words) or re.fullmatch(r"[45]\.2\.2", status):
        return Reason.MAILBOX_FULL
    if SENDER.fullmatch(status):
        return Reason.SET_UP
    if re.fullmatch(r"[45]\.7\.\d+", status):
        is_unknown = status == "5.7.1" and NO_SUCH_USER.search(words) and not POLICY.search(words)  # Yandex says so
        return Reason.BAD_ADDRESS if is_unknown else Reason.POLICY
    if BAD_ADDRESS.fullmatch(status):
        return Reason.POLICY if POLICY.search(words) and not NO_SUCH_USER.search(words) else Reason.BAD_ADDRESS
    if status.startswith("4"):
        return Reason.TEMPORARY
    if re.fullmatch(r"5\.2\.3|5\.3\.4|5\.6\.\d+", status):
        return Reason.CONTENT
    if POLICY.search(words):
        return Reason.POLICY
    if (GENERAL.fullmatch(status) or status.isdecimal()) and NO_SUCH_USER.search(words):
        return Reason.BAD_ADDRESS
    return Reason.RETURNED


def _blocks(mail: Message) -> list[Message]:
    """The fields of each recipient. Those of a report that somebody forwards are not of this mail."""
    found: list[Message] = []
    for part in own_branches(mail):
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            inner = part.get_payload()
            found += [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []
    return found


def _of_recipient(block: Message) -> Returned:
    action = header(block, "Action").lower()
    diagnostic = header(block, "Diagnostic-Code")
    status = _first(ENHANCED, header(block, "Status")) or "5.0.0"
    told = _first(ENHANCED, diagnostic)
    if told and GENERAL.fullmatch(status):
        status = told
    if action != "failed":
        return Returned(False, None, status)
    return Returned(True, reason_of(status, diagnostic), status)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None
