"""From a notice to what is handed to a provider. It is made at the moment of sending and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from services.messaging.channels.email.frame import as_html, as_text
from services.messaging.channels.sender import Outgoing, Part
from services.messaging.notices.kinds import KINDS, LINK, LINK_PURPOSE
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.wording.languages import choose_language
from services.messaging.wording.sandbox import one_line
from shared.crypto.signing import LinkSigner
from shared.vocabulary.channel import Channel
from shared.vocabulary.mail_body import MailBody
from shared.vocabulary.notice import NoticeKind

FOLDER = Path(__file__).parent / "wording"
LANGUAGES = tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))
LONGEST_DETAIL = 80
BRAND = "Guestloop"
BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
BANNER = '<p style="margin:0; padding:12px 16px; background:#fff3c4; color:#26231e; font:14px/1.5 sans-serif;">{}</p>'
UNLINKED = str.maketrans({"/": "∕", "@": "＠"})
"""A name or a device is a stranger's text: no mail program makes a link of it."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def wording(kind: NoticeKind, language: str | None) -> tuple[str, Template]:
    """The language it is written in, nearest to the one wanted, and its words."""
    chosen = choose_language(LANGUAGES, language or "")
    return chosen, _environment().get_template(f"{chosen}/{kind}.txt")


def unsound_details(kind: NoticeKind, details: Mapping[str, Any]) -> str | None:
    """Why nothing can be written of these details."""
    known = KINDS[kind]
    if missing := known.needs.difference(details):
        return f"a {kind} needs {', '.join(sorted(missing))}"
    if more := set(details).difference(known.needs, known.knows):
        return f"a {kind} knows no {', '.join(sorted(more))}"
    if wrong := [name for name, value in details.items() if not isinstance(value, str)]:
        return f"{', '.join(sorted(wrong))} of a {kind} must be text"
    return None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice, opened. `link`: the id behind its secret link. `page`: where it leads, if its kind says nothing."""

    notice_id: UUID
    kind: NoticeKind
    channel: str
    to: str
    language: str | None
    link: UUID | None
    page: str | None
    details: Mapping[str, str]
    requested_at: datetime
    body: MailBody | None = None


class NoticeWriter:
    """`origin`: where links lead. `signer`: makes the secret ones."""

    def __init__(self, origin: str, signer: LinkSigner) -> None:
        self._origin, self._signer = origin, signer

    def write(self, notice: Notice, at: datetime) -> Outgoing:
        language, template = wording(notice.kind, notice.language)
        parts = _filled(template, notice)
        message = Outgoing(
            message_id=notice.notice_id,
            channel=notice.channel,
            to=notice.to,
            text=one_line(f"{parts['short']} {self._link(notice)}"),
            at=at,
            purpose="notice",
            language=language,
        )
        if notice.channel != Channel.EMAIL:
            return message
        return _as_brought(message, notice.body) if notice.body else self._mail(message, parts, self._link(notice))

    def write_test(self, notice: Notice, title: str, tongue: str, words: SentWords, at: datetime) -> Outgoing:
        """A template as a guest would get it, marked as a test in the words of whoever asked for it."""
        language, template = wording(notice.kind, notice.language)
        parts = _filled(template, replace(notice, details={**notice.details, "template": title, "tongue": tongue}))
        message = replace(self.write(notice, at), language=language, purpose="notice")
        if notice.channel != Channel.EMAIL:
            return replace(message, text=one_line(f"{parts['mark']}: {words.text}"))
        return replace(
            message,
            subject=one_line(f"[{parts['mark']}] {words.subject}"),
            text=f"{parts['banner']}\n\n{words.text}",
            html=_with_banner(words.page, parts["banner"]) if words.page else None,
            from_name=words.from_name,
        )

    def _mail(self, message: Outgoing, parts: Mapping[str, str], link: str) -> Outgoing:
        subject, around = one_line(parts["subject"]), {"reason": parts["reason"], "imprint": self._origin}
        blocks = [
            *((paragraph, "") for paragraph in parts["above"].split("\n\n")),
            (parts["button"], link),
            *((paragraph, "") for paragraph in parts["below"].split("\n\n")),
        ]
        nothing = {"way_out": "", "unsubscribe": ""}
        return replace(
            message,
            subject=subject,
            text=as_text(blocks, **around, **nothing),
            html=as_html(
                blocks, language=message.language, subject=subject, preview="", brand=BRAND, **around, **nothing
            ),
            from_name=BRAND,
        )

    def _link(self, notice: Notice) -> str:
        kind = KINDS[notice.kind]
        if kind.is_secret and notice.link is not None:
            return f"{self._origin}{LINK}{self._signer.sign(LINK_PURPOSE, notice.link)}"
        return f"{self._origin}{kind.page or notice.page or '/'}"


def _as_brought(message: Outgoing, body: MailBody) -> Outgoing:
    parts = tuple(Part(one.media_type, one.content, one.name, one.content_id) for one in body.parts)
    subject = one_line(body.subject)
    return replace(message, subject=subject, text=body.text, html=body.page, from_name=BRAND, parts=parts)


def _with_banner(page: str, banner: str) -> str:
    """Behind the beginning of the body; before everything where there is none."""
    marked = str(Markup(BANNER).format(banner))
    return BODY.sub(lambda found: found[0] + marked, page, count=1) if BODY.search(page) else marked + page


def _filled(template: Template, notice: Notice) -> dict[str, str]:
    said = {name: _quoted(text) for name, text in notice.details.items()}
    unsaid = dict.fromkeys(KINDS[notice.kind].knows, "")
    context = template.new_context({**unsaid, **said, "at": _instant(notice.requested_at)})
    return {name: "".join(block(context)).strip() for name, block in template.blocks.items()}


def _quoted(text: str) -> str:
    return one_line(text).translate(UNLINKED)[:LONGEST_DETAIL]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
