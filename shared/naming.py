"""How a name is written for people: family first and in one where the script does so."""

from __future__ import annotations

import re

WRITTEN_IN_ONE = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")


def full_name(given: str, family: str) -> str:
    if WRITTEN_IN_ONE.search(given + family):
        return f"{family}{given}"
    return f"{given} {family}".strip()
