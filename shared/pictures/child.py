"""Makes one picture small, in a process of its own. Run as a script: the file comes on standard input; on standard
output leave its format, width and height (`scaling.HEADER`) and its bytes; on standard error one word where it cannot,
or where what leaves stands still and what came did not.

Arguments: the most bytes of memory, the most seconds, the most pixels, the greatest width and height, the most bytes
that leave, and where it is shown: `page` or `mail`.
"""

from __future__ import annotations

import io
import struct
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

Made = tuple[str, tuple[int, int], bytes]
"""Format, size and bytes."""
FORMATS = {"page": ("JPEG", "PNG", "WEBP"), "mail": ("JPEG", "PNG", "WEBP", "GIF")}
QUALITIES = (85, 75, 65, 50, 35)
SHRINKS = (1.0, 0.75, 0.5, 0.35, 0.25)
MOST_FRAMES = 120
MOVING_WIDTHS = (600, 450, 320)
USUAL_FRAME = 100  # milliseconds
STILL = "still"


def main(most_memory: int, most_seconds: int, most_pixels: int, width: int, height: int, most: int, shown: str) -> int:
    bound(most_memory, most_seconds)
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # what it says of its size is looked at here
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS[shown]) as opened:
            if opened.width * opened.height > most_pixels:
                return told("too_many_pixels")
            moves = shown == "mail" and opened.format != "JPEG" and has_more(opened)
            found = moving(opened, most_pixels, most) if moves else None
            stands_still = moves and found is None
            found = found or fitting(upright(opened, width, height), most, shown, opened.format == "JPEG")
    except UnidentifiedImageError:
        return told("no_picture")
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError, struct.error):  # as Pillow's readers raise them
        return told("damaged")
    kind, size, content = found
    sys.stdout.buffer.write(struct.pack(">4sII", kind.encode(), *size) + content)
    sys.stderr.write(STILL if stands_still else "")
    return 0


def has_more(opened: Image) -> bool:
    try:
        opened.seek(1)
    except EOFError:
        return False
    return True


def moving(opened: Image, most_pixels: int, most: int) -> Made | None:
    """None where it has too many frames or pixels, or does not fit however small it is made."""
    from PIL import ImageSequence

    frames: list[Image] = []
    lasts: list[int] = []
    for frame in ImageSequence.Iterator(opened):
        if (len(frames) + 1) * opened.width * opened.height > most_pixels or len(frames) == MOST_FRAMES:
            return None
        lasts.append(int(opened.info.get("duration", 0)) or USUAL_FRAME)
        small = frame.convert("RGBA")
        small.thumbnail((MOVING_WIDTHS[0], MOVING_WIDTHS[0]))
        small.info.clear()
        frames.append(small)
    how = {"loop": opened.info["loop"]} if "loop" in opened.info else {}  # else it is shown once
    if all(is_opaque(small) for small in frames):
        frames = [small.convert("RGB") for small in frames]  # only what changes is written of each
    else:
        how["disposal"] = 2
    for side in MOVING_WIDTHS:
        for small in frames:
            small.thumbnail((side, side))
        first, *rest = frames
        made = saved(first, "GIF", save_all=True, append_images=rest, duration=lasts, **how)
        if len(made) <= most:
            return "GIF", first.size, made
    return None


def is_opaque(picture: Image) -> bool:
    return picture.getchannel("A").getextrema()[0] == 255


def upright(opened: Image, width: int, height: int) -> Image:
    """Made small before it is turned: what is turned is copied."""
    from PIL import ImageOps

    opened.seek(0)
    longest = max(width, height)
    opened.draft("RGB", (longest, longest))  # a JPEG is unfolded no larger than it must be
    whole = opened.convert("RGBA") if opened.mode in ("P", "PA", "1") else opened  # a palette's would be made coarse
    whole.thumbnail((longest, longest))
    turned = ImageOps.exif_transpose(whole)
    turned.thumbnail((width, height))
    return turned


def fitting(picture: Image, most: int, shown: str, photo: bool) -> Made:
    """The best quality and size that fit. See-through ones stay so: as WebP on a page, as PNG in a mail, where not
    every reader knows WebP. A drawing in a mail stays a PNG where that is the smaller one. What stood beside the pixels
    goes."""
    see_through = picture.has_transparency_data
    pixels = picture.convert("RGBA" if see_through else "RGB")
    pixels.info.clear()
    for shrink in SHRINKS:
        size = (max(1, round(pixels.width * shrink)), max(1, round(pixels.height * shrink)))
        small = pixels if shrink == 1.0 else pixels.resize(size)
        drawn = saved(small, "PNG", optimize=True) if shown == "mail" and not photo else None
        if drawn and see_through and len(drawn) > most:
            drawn = saved(small.quantize(256, method=2), "PNG", optimize=True)  # octree: the one that keeps alpha
        if drawn and len(drawn) <= most and (see_through or len(drawn) <= len(saved(small, "JPEG", quality=85))):
            return "PNG", size, drawn
        for quality in () if drawn and see_through else QUALITIES:
            kind = "WEBP" if see_through else "JPEG"
            if len(made := saved(small, kind, quality=quality)) <= most:
                return kind, size, made
    raise ValueError("it does not fit")


def saved(picture: Image, kind: str, **how: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **how)
    return made.getvalue()


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
    memory, seconds, pixels, width, height, most = map(int, sys.argv[1:7])
    sys.exit(main(memory, seconds, pixels, width, height, most, sys.argv[7]))
