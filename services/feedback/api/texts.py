"""What guests read of feedback, in six languages, from the files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from shared.plain_yaml import read_yaml

Texts = Mapping[str, str]


@lru_cache(maxsize=3)
def guest_texts(name: str) -> Mapping[str, Texts]:
    """The texts of `<name>.yaml` by language; each file is read once."""
    found: Mapping[str, Texts] = read_yaml((Path(__file__).parent / f"{name}.yaml").read_text())
    return found
