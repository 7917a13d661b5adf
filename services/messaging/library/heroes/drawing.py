"""Draws one scene as a JPEG to the standard output: scene, four colours from far to near, light, width, height.

A program of its own, of the standard library and Pillow alone; the same call draws the same picture.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
FINE = 2  # drawn so many times larger, and scaled down


class Covers(NamedTuple):
    place: tuple[float, float, float, float]
    cover: int


class Scene:
    """A sheet with a sky; `far` to `near`: the colours of what stands before it."""

    def __init__(self, colours: list[Colour], light: Colour, width: int, height: int) -> None:
        self.width, self.height = width * FINE, height * FINE
        self.sky, self.low, self.far, self.near = colours
        self.light, self.chance = light, random.Random(7)
        shade = Image.linear_gradient("L").resize((self.width, self.height))
        self.sheet = Image.composite(self._flat(self.low), self._flat(self.sky), shade)

    def _flat(self, colour: Colour) -> Image.Image:
        return Image.new("RGB", (self.width, self.height), colour)

    def paint(self, colour: Colour, kind: str, shapes: Iterable[Any], blur: float = 0, most: int = 255) -> None:
        """`kind`: ellipse, rectangle, polygon or line. `most`: how much of the colour covers, of 255, unless a shape
        says so itself (`Covers`)."""
        mask = Image.new("L", (self.width, self.height), 0)
        draw = ImageDraw.Draw(mask)
        for shape in shapes:
            place, cover = shape if isinstance(shape, Covers) else (shape, 255)
            getattr(draw, kind)(place, cover, **({"width": FINE * 2} if kind == "line" else {}))
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * FINE))
        if most < 255:
            mask = mask.point(lambda value: value * most // 255)
        self.sheet.paste(self._flat(colour), (0, 0), mask)

    def glow(self, *lights: tuple[float, float, float]) -> None:
        """Lights with their shine around them: places and size, in shares of the sheet's width and height."""
        at = [(x * self.width, y * self.height, size * self.height) for x, y, size in lights]
        for reach, blur, most in ((2.6, 24, 60), (1.6, 24, 90), (1, 1, 255)):
            boxes = [(x - r * reach, y - r * reach, x + r * reach, y + r * reach) for x, y, r in at]
            self.paint(self.light, "ellipse", boxes, blur, most)

    def hills(self, share: float, base: float, rise: float, waves: float, turn: float) -> None:
        """`share`: between the far and the near colour."""
        colour = between(self.far, self.near, share)
        step = self.width / 160
        turns = [(at * step, at / 160 * waves + turn, at / 60 * waves + turn) for at in range(161)]
        line = [(x, self.height * (base - rise * (math.sin(a) + math.sin(b) / 3))) for x, a, b in turns]
        self.paint(colour, "polygon", [[*line, (self.width, self.height), (0, self.height)]])

    def water(self, top: float) -> None:
        colour = between(self.low, self.far, 0.35)
        self.paint(colour, "rectangle", [(0, top * self.height, self.width, self.height)])
        lines = []
        for _ in range(90):
            y = self.height * (top + (1 - top) * self.chance.random() ** 1.4)
            x, long = self.width * self.chance.random(), self.width * 0.06 * (0.3 + self.chance.random())
            lines.append(Covers((x, y, x + long, y), int(130 * max(0.12, 1 - 2.4 * abs(x / self.width - 0.62)))))
        self.paint(self.light, "line", lines)


def between(one: Colour, other: Colour, share: float) -> Colour:
    r, g, b = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return r, g, b


def lake(on: Scene) -> None:
    on.glow((0.62, 0.42, 0.09))
    on.hills(0.1, 0.52, 0.07, 9, 0.4)
    on.hills(0.4, 0.56, 0.06, 13, 2.2)
    on.water(0.62)
    on.hills(1, 1.02, 0.07, 7, 4.4)


def hills(on: Scene) -> None:
    on.glow((0.3, 0.3, 0.1))
    for number, share in enumerate((0, 0.3, 0.6, 1)):
        on.hills(share, 0.55 + number * 0.14, 0.09, 8 + 3 * number, number * 1.7)


def window(on: Scene) -> None:
    lake(on)
    w, h, bar = on.width, on.height, on.height * 0.03
    frame = between(on.near, (0, 0, 0), 0.15)
    posts = [(x - bar / 2, 0, x + bar / 2, h) for x in (0, w / 3, 2 * w / 3, w)]
    on.paint(frame, "rectangle", [(0, 0, w, bar), (0, h - 2 * bar, w, h), *posts])
    for side in (0, 1):
        edge = [(abs(side * w - x * w), y * h) for x, y in ((0, 0), (0.17, 0), (0.13, 0.45), (0.06, 1), (0, 1))]
        on.paint(between(on.light, on.low, 0.3), "polygon", [edge], 2, 235)


def lanterns(on: Scene) -> None:
    on.hills(0.7, 0.86, 0.05, 11, 1)
    on.hills(1, 0.95, 0.05, 8, 3)
    chance = on.chance.random
    on.glow(*((chance(), 0.06 + 0.62 * chance(), 0.018 + 0.03 * chance()) for _ in range(16)))


def stars(on: Scene) -> None:
    chance, dots = on.chance.random, []
    for _ in range(150):
        x, y, r = on.width * chance(), on.height * 0.7 * chance(), FINE * (0.6 + 1.6 * chance())
        dots.append(Covers((x - r, y - r, x + r, y + r), 120 + int(135 * chance())))
    on.paint(on.light, "ellipse", dots)
    on.glow((0.78, 0.26, 0.07))
    on.hills(0.4, 0.74, 0.07, 9, 2)
    on.hills(1, 0.9, 0.06, 13, 5)


def town(on: Scene) -> None:
    on.glow((0.24, 0.36, 0.09))
    on.hills(0.15, 0.6, 0.06, 10, 1)
    for row, share in ((0, 0.55), (1, 1)):
        houses, lit = _row(on, row)
        on.paint(between(on.far, on.near, share), "polygon", houses)
        on.paint(on.light, "rectangle", lit, 0, 220)
    on.hills(1, 1.02, 0.03, 6, 2)


def _row(on: Scene, row: int) -> tuple[list[list[tuple[float, float]]], list[tuple[float, float, float, float]]]:
    """Houses, and their windows where there is light."""
    houses, lit, x, h, chance = [], [], 0.0, on.height, on.chance.random
    while x < on.width:
        wide, top = on.width * (0.035 + 0.05 * chance()), h * (0.48 + 0.2 * row + 0.16 * chance())
        houses.append([(x, h), (x, top), (x + wide / 2, top - wide * 0.28), (x + wide, top), (x + wide, h)])
        for number in range(4):
            a, b = x + wide * (0.22 + 0.36 * (number % 2)), top + h * (0.05 + 0.09 * (number // 2))
            if chance() < 0.6:
                lit.append((a, b, a + h * 0.017, b + h * 0.027))
        x += wide
    return houses, lit


SCENES = {"lake": lake, "hills": hills, "window": window, "lanterns": lanterns, "stars": stars, "town": town}


def main(scene: str, *given: str) -> None:
    *colours, light = (tuple(bytes.fromhex(one)) for one in given[:5])
    sheet = Scene(colours, light, int(given[5]), int(given[6]))  # type: ignore[arg-type]
    SCENES[scene](sheet)
    small = sheet.sheet.resize((int(given[5]), int(given[6])), Image.Resampling.LANCZOS)
    small.save(sys.stdout.buffer, "JPEG", quality=84, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
