"""How a mail looks beyond its words: two looks, one of paper and serif, one of colour and round corners."""

from __future__ import annotations

from dataclasses import dataclass

SERIF = "Georgia,'Songti SC',serif"
SANS = "Helvetica,Arial,'PingFang SC',sans-serif"


@dataclass(frozen=True)
class Look:
    """`paper`: behind the sheet; `brand`: the colour of the name above. `corner`, `button`, `picture`: how round their
    corners are, in pixels. `band`: pixels of the hotel's colour at the head. `scene`: the colours of a ready template's
    picture, from the sky down to what is near, and its light."""

    face: str
    paper: str
    brand: str
    corner: int
    button: int
    picture: int
    band: int
    heading_weight: int
    scene: tuple[str, str, str, str, str]


CALM = "calm"
LOOKS = {
    CALM: Look(SERIF, "#f4f1ea", "#6b5a3a", 8, 6, 4, 0, 600, ("cfd9d6", "f3e6d0", "8fa39b", "3c5249", "fff3d6")),
    "bright": Look(SANS, "#e9f1f6", "#26231e", 18, 24, 14, 8, 700, ("2b6cb0", "ffb88c", "3f8fc4", "12355b", "ffe9a8")),
}
