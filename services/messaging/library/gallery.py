"""Ready templates to begin from: a draft starts as one of them, and is the house's own from then on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.plain_yaml import read_yaml

FOLDERS = (Path(__file__).parent.parent / "gallery", Path(__file__).parent.parent / "shipped")
OURS_ALONE = ("confirm-consent",)  # the one that is sent by itself, which nobody begins from


@dataclass(frozen=True)
class Ready:
    """`when`: in one line, what it is for."""

    document: dict[str, Any]
    when: str

    @property
    def key(self) -> str:
        return str(self.document["key"])


@cache
def gallery() -> dict[str, Ready]:
    """By key, in the order of their purposes and names."""
    paths = (path for folder in FOLDERS for path in folder.glob("*.yaml") if path.stem not in OURS_ALONE)
    found = [_read(path) for path in paths]
    found.sort(key=lambda one: (one.document["purpose"], one.document["name"]))
    return {one.key: one for one in found}


def _read(path: Path) -> Ready:
    """What stands at its head says when it is sent."""
    text = path.read_text(encoding="utf-8")
    head = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]
    return Ready(read_yaml(text), " ".join(head))
