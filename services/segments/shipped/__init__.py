"""The segments that Guestloop ships, read from the YAML files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
Document = dict[str, Any]


@dataclass(frozen=True)
class ShippedSegment:
    key: str
    name: str
    rule: Document
    private: bool = False


@dataclass(frozen=True)
class Cuts:
    """Where high begins: days since the last check-out, stays in a window, spend a stay as a share of the average."""

    recent_days: int
    frequent_stays: int
    window_days: int
    spend_share: float


def shipped_cuts() -> Cuts:
    return Cuts(**read("rfm.yaml")["cuts"])


def shipped_segments(cuts: Cuts | None = None) -> list[ShippedSegment]:
    """All of them; the RFM classes by these cuts, or by those of the file."""
    plain = [ShippedSegment(**entry) for entry in read("segments.yaml")]
    return plain + rfm_classes(cuts or shipped_cuts())


def rfm_classes(cuts: Cuts) -> list[ShippedSegment]:
    names: dict[str, str] = read("rfm.yaml")["names"]
    letters = ["".join(three) for three in product("HL", repeat=3)]
    return [ShippedSegment(f"rfm-{three.lower()}", names[three], rfm_rule(three, cuts)) for three in letters]


def rfm_rule(letters: str, cuts: Cuts) -> Document:
    """Whoever stayed at least once is in exactly one of the eight."""
    high: list[Document] = [
        {"fact": "last_checkout", "op": "at_most", "value": cuts.recent_days},
        {
            "fact": "stays",
            "where": {"window_days": cuts.window_days},
            "op": "at_least",
            "value": cuts.frequent_stays,
        },
        {"fact": "spend_against_average", "op": "at_least", "value": cuts.spend_share},
    ]
    stayed: Document = {"fact": "stays", "op": "at_least", "value": 1}
    return {
        "all": [stayed, *(leaf if letter == "H" else {"not": leaf} for letter, leaf in zip(letters, high, strict=True))]
    }


def read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))
