"""What guests read of feedback, in six languages: read once from the files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

Words = Mapping[str, str]


@lru_cache(maxsize=2)
def read_words(name: str) -> Mapping[str, Words]:
    """By language the words of `survey_words.yaml` or `sms_words.yaml`."""
    found: Mapping[str, Words] = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text())
    return found
