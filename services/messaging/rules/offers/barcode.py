"""A code as a barcode: Code 128, which every scanner of a till reads. The bars as a row of modules, dark or light.

Written here: a table and a checksum, where the libraries there are bring a renderer of pictures for forty symbologies.
"""

from __future__ import annotations

import re
import struct
import zlib

WIDTHS = re.findall(
    r"\d+",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
    """,
)
"""By value the widths of bar, space, bar, … The last one ends the code."""
START_B, STOP, CHECKED_BY = 104, 106, 103
FIRST, LAST = " ", "~"  # what code set B holds
QUIET = 10  # light modules on either side
MODULE, HEIGHT = 3, 90  # dots
WHITE, BLACK = 1, 0


def can_be_barred(code: str) -> bool:
    return bool(code) and all(FIRST <= sign <= LAST for sign in code)


def modules_of(code: str) -> list[bool]:
    """Dark ones are true; without the light ones on either side."""
    values = [START_B, *(ord(sign) - ord(FIRST) for sign in code)]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % CHECKED_BY
    widths = "".join(WIDTHS[value] for value in (*values, check, STOP))
    return [place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width))]


def barcode_png(code: str) -> bytes:
    """Black on white, one bit a dot: mail programs show no SVG."""
    light = [False] * QUIET
    dots = [BLACK if dark else WHITE for dark in (*light, *modules_of(code), *light) for _ in range(MODULE)]
    padded = [*dots, *[WHITE] * (-len(dots) % 8)]
    packed = int("".join(map(str, padded)), 2).to_bytes(len(padded) // 8, "big")
    head = struct.pack(">IIBBBBB", len(dots), HEIGHT, 1, 0, 0, 0, 0)  # one bit, grey
    lines = zlib.compress((b"\x00" + packed) * HEIGHT, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
