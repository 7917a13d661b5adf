"""The words of a message, squeezed before they are sealed: afterwards nothing can be.

Two things take the room in some hundred letters of JSON. Signed links are random bytes spelt in base64, which do not
deflate: the message's own are signed again when somebody reads it (`own_links.py`), others are taken out as the bytes
they are. The rest is mostly what stands in every such message: it is deflated against what both sides know beforehand,
which is `FRAME`, and the sheet that the message is a copy of.

What was squeezed must open for years: neither `FRAME` nor what a sheet gives beforehand is ever changed. A better one
is another form, under another first byte.
"""

from __future__ import annotations

import re
import zlib
from binascii import a2b_base64, b2a_base64
from functools import lru_cache

from services.messaging.store.sending.own_links import GONE, PURPOSES, OwnLinks

ALONE, ON_A_SHEET = b"\x01", b"\x02"
OWN_ALONE, OWN_ON_A_SHEET = b"\x03", b"\x04"  # with links of its own; the mark of their key comes next
MARK = 4  # bytes
RAW = -13  # no header and no checksum, which the seal has; a window as large as a message with its sheet
FRAME = (
    b'http://www.,"targets":{"1":"https://","page":null}"text":"/l//messaging/offer//messaging/confirmation/'
    b'","subject":"Dear Ms Mr ","","https://hotel.com/feedback/survey/\x01","/messaging/way-out/\x02"]}'
    b'{"from":"Hotel ","subject":"","words":["Dear '
)
SIGNED = re.compile(
    rb"/([\w-]{21}[AQgw])\.([\w-]{42}[AEIMQUYcgkosw048])(?![\w-])"
)  # 16 and 32 bytes, spelt as they are signed
MOST = 60_000  # bytes of links, whose number is written in two
FIRST, OF_THE_SAME = b"/\x01", b"/\x02"  # stand for links: JSON spells both otherwise, so no text holds them
TO_URL, FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
OWN = 3  # and those after it, by the place of what it is signed for
PLACES = re.compile(rb"/[\x01-%c]" % (OWN + len(PURPOSES) - 1))


def squeezed(plain: bytes, sheet: bytes | None = None, own: OwnLinks | None = None) -> bytes:
    """`plain`: JSON; `sheet`: what both sides know, where there is more than the frame; `own`: links of this message
    that need not be kept."""
    rest, links, has_own = _without_links(plain, own)
    packer = _begun(sheet or b"").copy()
    body = packer.compress(rest) + packer.flush()
    kept = len(links).to_bytes(2, "big") + links + body
    if own is not None and has_own:
        return (OWN_ON_A_SHEET if sheet else OWN_ALONE) + own.mark + kept
    return (ON_A_SHEET if sheet else ALONE) + kept


def spread(packed: bytes, sheet: bytes | None = None, own: OwnLinks | None = None) -> bytes:
    """The JSON that was squeezed; without `own`, its own links without what signs them. ValueError for what is no such
    thing."""
    begin = 1 + (MARK if packed[:1] in (OWN_ALONE, OWN_ON_A_SHEET) else 0)
    end = begin + 2 + int.from_bytes(packed[begin : begin + 2], "big")
    unpacker = zlib.decompressobj(RAW, zdict=_known(sheet or b"" if needs_sheet(packed) else b""))
    try:
        rest = unpacker.decompress(packed[end:])
    except zlib.error as error:
        raise ValueError("these words were not squeezed so") from error
    return PLACES.sub(_Links(packed[begin + 2 : end], packed[1:begin], own).next, rest)


def is_squeezed(plain: bytes) -> bool:
    return plain[:1] in (ALONE, ON_A_SHEET, OWN_ALONE, OWN_ON_A_SHEET)


def needs_sheet(plain: bytes) -> bool:
    return plain[:1] in (ON_A_SHEET, OWN_ON_A_SHEET)


def _without_links(plain: bytes, own: OwnLinks | None) -> tuple[bytes, bytes, bool]:
    """The text with a sign in the place of each signed link, and the bytes of those that are not its own: the message
    once, each signature. And whether it has any of its own."""
    links, last, has_own = bytearray(), b"", False

    def take(found: re.Match[bytes]) -> bytes:
        nonlocal last, has_own
        message, signature = found.groups()
        if own is not None and (place := own.purpose_of(found[0][1:])) is not None:
            has_own = True
            return b"/" + bytes([OWN + place])
        if len(links) > MOST:
            return found[0]
        if message == last:
            links.extend(_bytes(signature + b"="))
            return OF_THE_SAME
        last = message
        links.extend(_bytes(message + b"==") + _bytes(signature + b"="))
        return FIRST

    return SIGNED.sub(take, plain), bytes(links), has_own


class _Links:
    """Gives the links back in their turn."""

    def __init__(self, links: bytes, mark: bytes, own: OwnLinks | None) -> None:
        self._links, self._at, self._message = links, 0, b""
        self._mark, self._own = mark, own

    def next(self, place: re.Match[bytes]) -> bytes:
        if self._mark and place[0][1] >= OWN:
            return b"/" + (self._own.spelt(place[0][1] - OWN, self._mark) if self._own else GONE)
        if place[0] == FIRST:
            self._message = self._take(16)
        return b"/" + _spelt(self._message) + b"." + _spelt(self._take(32))

    def _take(self, size: int) -> bytes:
        self._at += size
        return self._links[self._at - size : self._at]


def _bytes(letters: bytes) -> bytes:
    return a2b_base64(letters.translate(FROM_URL))


def _spelt(some: bytes) -> bytes:
    return b2a_base64(some, newline=False).translate(TO_URL).rstrip(b"=")


@lru_cache(maxsize=200)
def _begun(sheet: bytes) -> zlib._Compress:
    """Begun once for all messages of a sheet: each goes on from a copy."""
    return zlib.compressobj(6, zlib.DEFLATED, RAW, 5, zlib.Z_DEFAULT_STRATEGY, _known(sheet))


def _known(sheet: bytes) -> bytes:
    return sheet[: 8 * 1024 - 512 - len(FRAME)] + FRAME
