"""A text as a part of a mail's body. What is printed once for many (`wording/sheets.py`) is encoded once: in
quoted-printable, where the pieces of a text stand one behind the other, each on a line of its own that ends softly.

Base64 packs three letters into four whatever stands before them, so that one word more changes all that follows. It
is taken for texts without a sheet, and where quoted-printable would be longer: Chinese takes three times its bytes.

No line of either begins with a dot.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_base64, b2a_qp
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import unpack

from services.messaging.channels.sender import Outgoing, Part
from services.messaging.wording.sheets import Filled, Gapped, Sheet

SOFT = b"=\r\n"  # a line ends here, and the text does not
BASE64 = 1.4  # how many bytes of it stand for one of a text
SOUND = re.compile(r"[A-Za-z0-9._/@+-]{1,100}")
PLAIN, PAGE = b"text/plain", b"text/html"


def bodies(message: Outgoing) -> bytes:
    """Content-Type, a blank line, and the text; a page beside it where there is one."""
    if message.html is None:
        return _in_base64(PLAIN, message.text)
    seam = b"=_" + message.message_id.hex.encode()  # «=_» never stands in either encoding
    text, page = _parts(message, message.html)
    if not message.parts:
        return _together(b"alternative", seam, [text, page])
    pictures = [_attached(one) for one in message.parts if one.content_id]
    shown = _together(b"related", seam + b"r", [page, *pictures]) if pictures else page
    both = _together(b"alternative", seam, [text, shown])
    files = [_attached(one) for one in message.parts if not one.content_id]
    return _together(b"mixed", seam + b"m", [both, *files]) if files else both


def _together(kind: bytes, seam: bytes, parts: Sequence[bytes]) -> bytes:
    head = b"".join((b"Content-Type: multipart/", kind, b';\r\n boundary="', seam, b'"\r\n\r\n'))
    return b"".join((head, *(b"".join((b"--", seam, b"\r\n", one)) for one in parts), b"--", seam, b"--\r\n"))


def _attached(part: Part) -> bytes:
    """A picture inside, or a file beside. Raises ValueError for a name that a header cannot hold."""
    if not all(SOUND.fullmatch(one) for one in (part.media_type, part.name or "x", part.content_id or "x")):
        raise ValueError("a part of a mail is named by ASCII alone")
    lines = [f"Content-Type: {part.media_type}", "Content-Transfer-Encoding: base64"]
    if part.content_id:
        lines += [f"Content-ID: <{part.content_id}>", "Content-Disposition: inline"]
    else:
        lines += [f'Content-Disposition: attachment; filename="{part.name}"']
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + encodebytes(part.content).replace(b"\n", b"\r\n")


def _parts(message: Outgoing, page: str) -> tuple[bytes, bytes]:
    if message.copy is None:
        return _in_base64(PLAIN, message.text), _in_base64(PAGE, page)
    printed_text, printed_page = _printed(message.copy.sheet)
    text_words, page_words = _quoted_words(message.copy.words)
    return (
        printed_text.filled(text_words) if printed_text else _in_base64(PLAIN, message.text),
        printed_page.filled(page_words) if printed_page else _in_base64(PAGE, page),
    )


class Printed:
    """A text encoded once: its pieces, each ending softly, and the places between them."""

    def __init__(self, kind: bytes, pieces: Sequence[bytes], gaps: Sequence[int]) -> None:
        self._gaps = gaps
        self._lines = [_head(kind, b"quoted-printable") + _ended(pieces[0])]
        for piece in pieces[1:]:
            self._lines += (b"", _ended(piece))

    def filled(self, words: Mapping[int, bytes]) -> bytes:
        """`words`: by place, each ending softly. The last line that is not empty ends the text."""
        lines = self._lines.copy()
        lines[1::2] = [words[place] for place in self._gaps]
        return b"".join(lines).removesuffix(SOFT) + b"\r\n"


@lru_cache(maxsize=500)
def _printed(sheet: Sheet) -> tuple[Printed | None, Printed | None]:
    """Text and page; None for one that is shorter in base64."""
    return _print(PLAIN, sheet.text), _print(PAGE, sheet.page)


def _print(kind: bytes, gapped: Gapped) -> Printed | None:
    pieces = [_quote(part) for part in gapped.parts]
    if sum(map(len, pieces)) > BASE64 * sum(len(part.encode()) for part in gapped.parts):
        return None
    return Printed(kind, pieces, gapped.gaps)


def _quoted_words(words: Mapping[int, Filled]) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """For plain text and for a page, where most stand as they are in the text."""
    texts = {place: _ended(_quote(one.text)) for place, one in words.items()}
    pages = {place: texts[place] if one.page == one.text else _ended(_quote(one.page)) for place, one in words.items()}
    return texts, pages


def _ended(quoted: bytes) -> bytes:
    return quoted + SOFT if quoted else quoted


def _quote(text: str) -> bytes:
    """Its line breaks stay: it holds no other character than they that ends a line. A dot that begins a line is put on
    one of its own: SMTP would double it, and look through each mail for it."""
    quoted = b"\n" + b2a_qp(text.encode())
    while b"\n." in quoted:
        quoted = quoted.replace(b"\n.", b"\n=2E=\n")
    return quoted[1:].replace(b"\n", b"\r\n")


def _in_base64(kind: bytes, text: str) -> bytes:
    packed = b2a_base64(text.encode(), newline=False)
    whole, rest = divmod(len(packed), 76)
    lines = unpack(f"{'76s' * whole}{rest}s", packed)  # twice as fast as slices
    return _head(kind, b"base64") + b"\r\n".join(lines) + (b"\r\n" if rest else b"")


def _head(kind: bytes, encoding: bytes) -> bytes:
    return b"Content-Type: " + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
