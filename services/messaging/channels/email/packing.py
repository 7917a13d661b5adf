"""A text as a part of a mail's body. What is printed once for many (`wording/sheets.py`) is encoded once: in
quoted-printable, where the pieces of a text stand one behind the other, each on a line of its own that ends softly.

Base64 packs three letters into four whatever stands before them, so that one word more changes all that follows. It
is taken for texts without a sheet, and where quoted-printable would be longer: Chinese takes three times its bytes.
"""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from functools import lru_cache
from struct import unpack

from services.messaging.channels.sender import Outgoing
from services.messaging.wording.sheets import Gapped, Sheet

SOFT = b"=\r\n"  # a line ends here, and the text does not
BASE64 = 1.4  # how many bytes of it stand for one of a text
PLAIN, PAGE = b"text/plain", b"text/html"
Quoted = tuple[list[bytes], tuple[int, ...]]  # the pieces of a text, and the places between them


def bodies(message: Outgoing) -> bytes:
    """Content-Type, a blank line, and the text; a page beside it where there is one."""
    if message.html is None:
        return _in_base64(PLAIN, message.text)
    seam = b"=_" + message.message_id.hex.encode()  # «=_» never stands in either encoding
    text, page = _parts(message, message.html)
    return b"".join(
        (
            *(b'Content-Type: multipart/alternative;\r\n boundary="', seam, b'"\r\n\r\n--', seam, b"\r\n"),
            *(text, b"--", seam, b"\r\n", page, b"--", seam, b"--\r\n"),
        )
    )


def _parts(message: Outgoing, page: str) -> tuple[bytes, bytes]:
    if message.copy is None:
        return _in_base64(PLAIN, message.text), _in_base64(PAGE, page)
    quoted_text, quoted_page = _quoted(message.copy.sheet)
    words = message.copy.words
    return (
        _filled(PLAIN, quoted_text, {place: one.text for place, one in words.items()})
        if quoted_text
        else _in_base64(PLAIN, message.text),
        _filled(PAGE, quoted_page, {place: one.page for place, one in words.items()})
        if quoted_page
        else _in_base64(PAGE, page),
    )


@lru_cache(maxsize=500)
def _quoted(sheet: Sheet) -> tuple[Quoted | None, Quoted | None]:
    """Text and page; None for one that is shorter in base64."""
    return _pieces(sheet.text), _pieces(sheet.page)


def _pieces(gapped: Gapped) -> Quoted | None:
    pieces = [_quote(part) for part in gapped.parts]
    if sum(map(len, pieces)) > BASE64 * sum(len(part.encode()) for part in gapped.parts):
        return None
    return pieces, gapped.gaps


def _filled(kind: bytes, quoted: Quoted, words: dict[int, str]) -> bytes:
    pieces, gaps = quoted
    said = {place: _quote(words[place]) for place in set(gaps)}
    lines = [_head(kind, b"quoted-printable") + pieces[0]]
    for place, piece in zip(gaps, pieces[1:], strict=True):
        lines += (said[place], piece)
    return SOFT.join(filter(None, lines)) + b"\r\n"


def _quote(text: str) -> bytes:
    """Its line breaks stay: it holds no other character than they that ends a line."""
    return b2a_qp(text.encode()).replace(b"\n", b"\r\n")


def _in_base64(kind: bytes, text: str) -> bytes:
    packed = b2a_base64(text.encode(), newline=False)
    whole, rest = divmod(len(packed), 76)
    lines = unpack(f"{'76s' * whole}{rest}s", packed)  # twice as fast as slices
    return _head(kind, b"base64") + b"\r\n".join(lines) + (b"\r\n" if rest else b"")


def _head(kind: bytes, encoding: bytes) -> bytes:
    return b"Content-Type: " + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
