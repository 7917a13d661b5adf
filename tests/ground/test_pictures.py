"""Pictures that people hand in: small, upright, harmless; bombs and forgeries are refused by a child that ends."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from PIL import Image

from shared.errors import InputError, Problem
from shared.pictures.scaling import (
    CHILD,
    LARGEST_FILE,
    LARGEST_KEPT,
    LONGEST_SIDE,
    MAIL_WIDTH,
    MOST_PIXELS,
    scaled,
    scaled_for_mail,
)


def file_of(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, (200, 0, 0, 90)[: len(mode)]).save(made, kind, **more)
    return made.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A head that promises many pixels, and a hundred kilobytes that unfold into a hundred million bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", _zeros()) + chunk(b"IEND", b"")


@cache
def _zeros() -> bytes:
    return zlib.compress(bytes(100_000_000), 9)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_back_as_what_every_browser_shows(kind: str) -> None:
    found = scaled(file_of(kind))
    assert (found.width, found.height, found.media_type) == (40, 20, "image/jpeg")
    assert Image.open(io.BytesIO(found.content)).format == "JPEG"


def test_what_is_see_through_stays_so() -> None:
    found = scaled(file_of("PNG", mode="RGBA"))
    assert found.media_type == "image/webp" and Image.open(io.BytesIO(found.content)).mode == "RGBA"


def test_place_camera_and_turn_are_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "Quartz Camera", {1: "N", 2: (31.0, 14.0, 5.0)}
    given = file_of("JPEG", exif=exif, comment=b"room of Mrs Quartz")
    assert b"Quartz" in given
    found = scaled(given)
    assert b"Quartz" not in found.content and not Image.open(io.BytesIO(found.content)).getexif()
    assert (found.width, found.height) == (20, 40)


def test_a_large_one_is_made_small_enough_to_keep() -> None:
    noise = Image.frombytes("RGB", (1500, 1100), random.Random(1).randbytes(1500 * 1100 * 3)).resize((2400, 1760))
    made = io.BytesIO()
    noise.save(made, "JPEG", quality=95)
    found = scaled(made.getvalue())
    assert len(found.content) <= LARGEST_KEPT and max(found.width, found.height) <= LONGEST_SIDE


def test_a_large_one_is_made_small_before_it_is_turned() -> None:
    """Both copies of 25 million pixels, whole and turned, would not fit."""
    exif = Image.Exif()
    exif[0x0112] = 6
    found = subprocess.run(
        [
            sys.executable,
            "-I",
            str(CHILD),
            str(210 * 1024 * 1024),
            "20",
            str(MOST_PIXELS),
            "1600",
            "1600",
            str(LARGEST_KEPT),
            "page",
        ],
        input=file_of("PNG", (5000, 5000), exif=exif),
        capture_output=True,
    )
    assert (found.returncode, found.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: b"", "missing"),
        (lambda: b"x" * (LARGEST_FILE + 1), "too_large"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (lambda: b"GIF89a" + bytes(100), "no_picture"),
        (lambda: b"%PDF-1.7", "no_picture"),
        (lambda: png_that_says(50_000, 50_000), "too_many_pixels"),
        (lambda: png_that_says(4_000_000_000, 1), "too_many_pixels"),
        (lambda: file_of("JPEG", (300, 300))[:-200], "damaged"),
        (lambda: file_of("PNG", (300, 300))[:60], "damaged"),
    ],
    ids=["nothing", "long", "svg", "gif", "pdf", "bomb", "bomb in a line", "cut jpeg", "cut png"],
)
def test_what_is_no_sound_picture_is_refused_by_its_reason(file: Callable[[], bytes], code: str) -> None:
    given = file()  # made by whoever runs this: all workers read the list
    with pytest.raises(InputError) as error:
        scaled(given)
    problem = error.value.problems["picture"]
    assert isinstance(problem, Problem) and problem.code == code


def moving_file(size: tuple[int, int] = (60, 40), frames: int = 5, *, noise: bool = False) -> bytes:
    """A GIF in shades of grey, which need not be chosen from many colours."""
    chance, made = random.Random(2), io.BytesIO()
    shown = [
        Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
        if noise
        else Image.new("L", size, 40 * at % 256)
        for at in range(frames)
    ]
    shown[0].save(made, "GIF", save_all=True, append_images=shown[1:], duration=80, loop=0)
    return made.getvalue()


def test_a_mail_gets_what_every_mail_program_shows() -> None:
    """Not every one knows WebP; a drawing stays sharp, a photograph small."""
    assert scaled_for_mail(file_of("JPEG")).media_type == "image/jpeg"
    assert scaled_for_mail(file_of("PNG")).media_type == "image/png"
    see_through = scaled_for_mail(file_of("WEBP", mode="RGBA"))
    assert see_through.media_type == "image/png" and Image.open(io.BytesIO(see_through.content)).mode == "RGBA"
    noise = Image.frombytes("RGBA", (1300, 900), random.Random(1).randbytes(1300 * 900 * 4))
    made = io.BytesIO()
    noise.save(made, "PNG")
    found = scaled_for_mail(made.getvalue())
    assert len(found.content) <= LARGEST_KEPT and found.media_type == "image/png"
    assert Image.open(io.BytesIO(found.content)).convert("RGBA").getchannel("A").getextrema() != (255, 255)


def test_a_picture_in_a_mail_is_no_wider_than_it_needs_and_may_be_taller() -> None:
    found = scaled_for_mail(file_of("JPEG", (2000, 3000)))
    assert (found.width, found.height) == (MAIL_WIDTH, 1800)
    exif = Image.Exif()
    exif[0x0112], exif[0x8825] = 6, {1: "N", 2: (31.0, 14.0, 5.0)}
    turned = scaled_for_mail(file_of("JPEG", (3000, 1000), exif=exif))
    assert (turned.width, turned.height) == (800, 2400) and not Image.open(io.BytesIO(turned.content)).getexif()


def test_a_gif_moves_on_where_it_can() -> None:
    found = scaled_for_mail(moving_file(size=(900, 300)))
    assert (found.media_type, found.stands_still, found.width) == ("image/gif", False, 600)
    shown = Image.open(io.BytesIO(found.content))
    assert (shown.n_frames, shown.info["duration"], shown.info["loop"]) == (5, 80, 0)  # type: ignore[attr-defined]
    assert not scaled_for_mail(file_of("GIF")).stands_still


@pytest.mark.parametrize(
    "file",
    [{"size": (400, 400), "frames": 8, "noise": True}, {"frames": 121}, {"size": (5000, 2600)}],
    ids=["many bytes", "many frames", "many pixels"],
)
def test_what_moves_too_much_stands_still_and_says_so(file: dict[str, Any]) -> None:
    found = scaled_for_mail(moving_file(**file))
    assert found.stands_still and found.media_type != "image/gif" and len(found.content) <= LARGEST_KEPT
