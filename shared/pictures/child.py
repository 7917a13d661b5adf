"""Makes one picture small, in a process of its own. Run as a script: the file comes on standard input; on standard
output leave its format, width and height (`scaling.HEADER`) and its bytes; on standard error one word where it cannot.

Arguments: the most bytes of memory, the most seconds, the most pixels, the longest side, the most bytes that leave.
"""

from __future__ import annotations

import io
import struct
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITIES = (85, 75, 65, 50, 35)
SHRINKS = (1.0, 0.75, 0.5, 0.35, 0.25)


def main(most_memory: int, most_seconds: int, most_pixels: int, longest: int, most_bytes: int) -> int:
    bound(most_memory, most_seconds)
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # what it says of its size is looked at here
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as opened:
            if opened.width * opened.height > most_pixels:
                return told("too_many_pixels")
            opened.draft("RGB", (longest, longest))  # a JPEG is unfolded no larger than it must be
            opened.thumbnail((longest, longest))  # before it is turned: what is turned is copied
            kind, small, content = fitting(ImageOps.exif_transpose(opened), most_bytes)
    except UnidentifiedImageError:
        return told("no_picture")
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError, struct.error):  # as Pillow's readers raise them
        return told("damaged")
    sys.stdout.buffer.write(struct.pack(">4sII", kind.encode(), small.width, small.height) + content)
    return 0


def fitting(picture: Image, most_bytes: int) -> tuple[str, Image, bytes]:
    """The best quality and size that fit. See-through ones stay so, as WebP; what stood beside the pixels goes."""
    kind = "WEBP" if picture.has_transparency_data else "JPEG"
    pixels = picture.convert("RGBA" if kind == "WEBP" else "RGB")
    pixels.info.clear()
    for shrink in SHRINKS:
        size = (max(1, round(pixels.width * shrink)), max(1, round(pixels.height * shrink)))
        small = pixels if shrink == 1.0 else pixels.resize(size)
        for quality in QUALITIES:
            made = io.BytesIO()
            small.save(made, kind, quality=quality)
            if made.tell() <= most_bytes:
                return kind, small, made.getvalue()
    raise ValueError("it does not fit")


def told(code: str) -> int:
    sys.stderr.write(code)
    return 1


def bound(most_memory: int, most_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:6])))
