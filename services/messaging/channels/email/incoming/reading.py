"""A mail from elsewhere, read: what it says, what was left out, what is still to be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.messaging.channels.email.incoming.as_blocks import as_blocks
from services.messaging.channels.email.incoming.edits import Edits
from services.messaging.channels.email.incoming.layout_defaults import with_defaults
from services.messaging.channels.email.incoming.merge_tags import Found, merge_tags, with_values
from services.messaging.channels.email.incoming.ways_out import footers, pixels
from services.messaging.channels.email.source.cleaning import LeftOut, left_out
from services.messaging.channels.email.source.places import FOREIGN
from services.messaging.channels.email.source.reading import LONGEST, Unreadable, read_source
from services.messaging.channels.email.source.tree import Node, TooMuch, read_tree, spans
from shared.errors import InputError, Problem

LARGEST = 400_000  # bytes of a file
MOST_STYLE, MOST_STYLED = 60_000, 6_000  # characters of style sheets, elements they are put into
MOST_PICTURES = 40
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)
MJML = re.compile(r"<mjml|<mj-", re.IGNORECASE)
STYLE = "<style", "</style"
AT_RULES = re.compile(r"@(media|import|font-face)|:hover", re.IGNORECASE)


class Why(StrEnum):
    """Why something is not in the mail any more."""

    NO_MAIL = "no_mail"  # nothing that mails hold
    FOOTER = "footer"  # a way out or a page in the browser: our footer has the way out
    PIXEL = "pixel"  # it counts who opens
    TAG = "tag"  # a value of others that none of ours stands for
    STYLE = "style"  # rules for small screens and for pointers


@dataclass(frozen=True, order=True)
class Gone:
    line: int
    why: Why
    what: str
    times: int = 1


@dataclass(frozen=True)
class Incoming:
    """`source`: as one block; `blocks`: as ours, None where it cannot be read so. `tags`: what others write for values.
    `pictures`: the addresses of those that lie elsewhere. `fault`: why its source cannot be used."""

    subject: str
    preview: str
    source: str
    blocks: list[dict[str, Any]] | None
    tags: tuple[Found, ...]
    pictures: tuple[str, ...]
    gone: tuple[Gone, ...]
    fault: Problem | None = None


def decoded(file: bytes) -> str:
    """The text of a file. InputError where it is none, or too large; the code of its problem is that of the page."""
    if len(file) > LARGEST:
        raise _refused("too_large")
    if not file.strip():
        raise _refused("missing")
    if file.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = file.decode("utf-16", errors="replace")
    else:
        named = CHARSET.search(file[:2_000])
        text = _decoded(file, named[1].decode() if named else "utf-8")
    if "\x00" in text or "<" not in text:
        raise _refused("no_mail")
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(file: bytes, charset: str) -> str:
    for name in ("utf-8", charset, "windows-1252"):
        try:
            return file.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return file.decode("utf-8", errors="replace")


def read_incoming(text: str, chosen: Mapping[str, str], pictures: Mapping[str, str]) -> Incoming:
    """`chosen`: by what others write, the value that stands there; empty where nothing does. `pictures`: by address,
    the file of the library that was taken from there. InputError where it is no mail."""
    try:
        return _read(text, chosen, pictures)
    except TooMuch:
        raise _refused("no_mail") from None


def _read(text: str, chosen: Mapping[str, str], pictures: Mapping[str, str]) -> Incoming:
    tags = tuple(merge_tags(text))
    named = with_values(text, chosen)
    tree = read_tree(named).root
    gone = [Gone(one.line, Why.NO_MAIL, one.what, one.times) for one in _no_mail(named)]
    gone += [Gone(tag.line, Why.TAG, tag.text) for tag in tags if not chosen.get(tag.text, tag.proposed)]
    gone += _styles(named)
    edits = Edits(named)
    for node, why in _leaving(tree):
        what = " ".join(node.words().split())[:80] or node.attributes.get("src", "")[:80] or f"<{node.tag}>"
        gone.append(Gone(node.line, why, what))
        edits.remove(node)
    for node in tree.walk():
        if file := pictures.get(node.attributes.get("src", "")):
            edits.replace_in_tag(node, _as_written(named, node), f'src="{file}"')
    kept = edits.applied()
    is_mjml = bool(MJML.search(kept))
    source = (with_defaults(kept) if is_mjml else _styled(kept)).strip()
    after = read_tree(source).root
    return Incoming(
        subject=_words_of(tree, "mj-title", "title")[:150],
        preview=_words_of(tree, "mj-preview")[:150],
        source=source,
        blocks=as_blocks(after),
        tags=tags,
        pictures=tuple(_foreign(after))[:MOST_PICTURES],
        gone=tuple(sorted(gone)),
        fault=_fault(source),
    )


def _no_mail(text: str) -> Iterator[LeftOut]:
    for one in left_out(text):
        if not one.what.startswith(("<mj", "<style")) and "(<mj" not in one.what:
            yield one


def _styles(text: str) -> Iterator[Gone]:
    for start, end in spans(text, *STYLE):
        if AT_RULES.search(text, start, end):
            yield Gone(text.count("\n", 0, start) + 1, Why.STYLE, "@media, :hover")


def _leaving(tree: Node) -> Iterator[tuple[Node, Why]]:
    seen: set[int] = set()
    for nodes, why in ((footers(tree), Why.FOOTER), (pixels(tree), Why.PIXEL)):
        for node in nodes:
            if id(node) not in seen:
                seen.add(id(node))
                yield node, why


def _as_written(text: str, node: Node) -> str:
    found = re.search(r"""\bsrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", text[node.begins : node.start], re.IGNORECASE)
    return found[0] if found else ""


def _styled(html: str) -> str:
    """With its style sheets put into the elements, where they are of a bearable size."""
    size = sum(end - start for start, end in spans(html, *STYLE))
    if not 0 < size <= MOST_STYLE or html.count("<") > MOST_STYLED:
        return html
    import css_inline  # needed only where a mail is brought

    inliner = css_inline.CSSInliner(
        inline_style_tags=True, keep_style_tags=False, load_remote_stylesheets=False, keep_link_tags=False
    )
    return inliner.inline(html)


def _foreign(root: Node) -> Iterator[str]:
    seen = dict.fromkeys(
        node.attributes.get("src", "").strip() for node in root.walk() if node.tag in ("img", "mj-image")
    )
    return (address for address in seen if FOREIGN.match(address) and "{{" not in address)


def _words_of(root: Node, *tags: str) -> str:
    for tag in tags:
        for node in root.walk():
            if node.tag == tag and (words := " ".join(node.words().split())):
                return words
    return ""


def _fault(source: str) -> Problem | None:
    if len(source) > LONGEST:
        return Problem(f"Longer than maximum length {LONGEST}.", "too_long", most=LONGEST)
    try:
        read_source(source)
    except Unreadable as error:
        return error.problem
    return None


def _refused(code: str) -> InputError:
    return InputError(None, {"file": Problem(code, code)})
