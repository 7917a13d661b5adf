"""The segments that Guestloop ships, read from the YAML files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.segments.rules.rfm import CODES, Bands, Cuts
from shared.plain_yaml import read_yaml

HERE = Path(__file__).parent
Document = dict[str, Any]


@dataclass(frozen=True)
class ShippedSegment:
    key: str
    name: str
    rule: Document
    private: bool = False


def shipped_bands() -> Bands:
    told = read("rfm.yaml")["bands"]
    upper, middle = (Decimal(str(share)) for share in told["spend_share"])
    return Bands(tuple(told["recent_days"]), tuple(told["frequent_stays"]), told["window_days"], (upper, middle))


def shipped_cuts() -> Cuts:
    return shipped_bands().cuts


def shipped_segments(cuts: Cuts | None = None) -> list[ShippedSegment]:
    """All of them; the RFM classes by these cuts, or by those of the file."""
    plain = [ShippedSegment(**entry) for entry in read("segments.yaml")]
    return plain + rfm_classes(cuts or shipped_cuts())


def rfm_classes(cuts: Cuts) -> list[ShippedSegment]:
    names: dict[str, str] = read("rfm.yaml")["names"]
    return [ShippedSegment(key_of(code), names[code], rfm_rule(code, cuts)) for code in CODES]


def key_of(code: str) -> str:
    """Of the segment of a class."""
    return f"rfm-{code.lower()}"


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
    return read_yaml((HERE / name).read_text("utf-8"))
