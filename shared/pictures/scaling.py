"""Asks the child for a picture as it is kept."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from shared.errors import InputError, Problem

CHILD = Path(__file__).with_name("child.py")
MB = 1024 * 1024
LARGEST_FILE = 10 * MB
LARGEST_KEPT = 400 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
MOST_MEMORY = 768 * MB
MOST_SECONDS = 20
HEADER = struct.Struct(">4sII")
MEDIA_TYPES = {b"JPEG": "image/jpeg", b"WEBP": "image/webp", b"PNG\0": "image/png", b"GIF\0": "image/gif"}
MAIL_WIDTH, MAIL_HEIGHT = 1200, 2400  # of a mail that is 600 wide, on a fine screen
STILL = b"still"
FAULTS = {
    "missing": "choose a picture",
    "too_large": "larger than 10 MB",
    "no_picture": "neither a JPEG, a PNG nor a WebP",
    "too_many_pixels": "more than 50 million pixels",
    "damaged": "it cannot be read to its end",
}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """`content`: at most `LARGEST_KEPT` bytes. `width`, `height`: pixels, no more than `LONGEST_SIDE`."""

    content: bytes
    media_type: str
    width: int
    height: int
    stands_still: bool = False  # what was handed in moved


def scaled(file: bytes, *, longest: int = LONGEST_SIDE, most_bytes: int = LARGEST_KEPT) -> Picture:
    """A JPEG, PNG or WebP of at most `LARGEST_FILE` bytes, turned upright, without what was hidden in it, scaled down
    to a side of so many pixels and to so many bytes. Raises `InputError`; the code of its problem «picture» is one of
    `FAULTS`."""
    return _made(file, longest, longest, most_bytes, "page")


def scaled_for_mail(file: bytes, *, most_bytes: int = LARGEST_KEPT) -> Picture:
    """As `scaled`, of a GIF too, as every mail program shows it: JPEG, PNG, or a GIF where it moves. One that moves and
    cannot be made small enough is its first frame, and `stands_still`."""
    return _made(file, MAIL_WIDTH, MAIL_HEIGHT, most_bytes, "mail")


def _made(file: bytes, width: int, height: int, most_bytes: int, shown: str) -> Picture:
    if not file:
        raise unusable("missing")
    if len(file) > LARGEST_FILE:
        raise unusable("too_large")
    limits = (*map(str, (MOST_MEMORY, MOST_SECONDS, MOST_PIXELS, width, height, most_bytes)), shown)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), *limits], input=file, capture_output=True, timeout=3 * MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise unusable("damaged") from None
    if done.returncode != 0 or len(done.stdout) <= HEADER.size:
        code = done.stderr.decode(errors="replace").strip()
        raise unusable(code if code in FAULTS else "damaged")
    kind, width, height = HEADER.unpack_from(done.stdout)
    return Picture(
        content=done.stdout[HEADER.size :],
        media_type=MEDIA_TYPES[kind],
        width=width,
        height=height,
        stands_still=done.stderr == STILL,
    )


def unusable(code: str) -> InputError:
    return InputError(problems={"picture": Problem(FAULTS[code], code)})
