"""Mail that a server returned, and why: RFC 3464 first, then what older servers write.

What the codes and the words mean is read as everywhere (`shared.vocabulary.mail_status`).
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.message import Message

import structlog

from services.feedback.mail.parts import header, own_branches, text_of
from shared.vocabulary.mail_status import NO_SUCH_USER, code_in, is_general, plain_code_in, reason_of
from shared.vocabulary.reason import Reason

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
    code = code_in(text) or (plain_code_in(text) if is_of_a_server(mail) else None)  # else a room's number
    if not (temporary or permanent or (code and (RETURNED.search(text) or NO_SUCH_USER.search(text)))):
        return None
    if temporary and not permanent:
        return Returned(False, None, code)
    return Returned(True, reason_of(code, text) or Reason.RETURNED, code)


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
    status = code_in(header(block, "Status")) or "5.0.0"
    told = code_in(diagnostic)
    if told and is_general(status):
        status = told
    if action != "failed":
        return Returned(False, None, status)
    return Returned(True, reason_of(status, diagnostic) or Reason.RETURNED, status)
