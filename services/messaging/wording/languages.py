"""Which of the languages a template is written in a guest reads it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

LAST_RESORT = "en"
SCRIPTS = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-my": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
}


def choose_language(written: Collection[str], wanted: str) -> str:
    """The guest's own tag, else with its parts dropped one by one, else English, else the first in the alphabet.

    Chinese is chosen by script; where only the other script is written, it is read rather than English.
    """
    return _choice(tuple(written), wanted)


@lru_cache(maxsize=4096)
def _choice(written: tuple[str, ...], wanted: str) -> str:
    by_tag = {tag.lower(): tag for tag in written}
    return next(by_tag[tag] for tag in [*_chain(wanted), LAST_RESORT, min(by_tag)] if tag in by_tag)


def _chain(wanted: str) -> Iterator[str]:
    tag = wanted.strip().replace("_", "-").lower()
    if tag.split("-")[0] == "zh":
        script = "zh-hant" if "hant" in tag or SCRIPTS.get(tag) == "zh-Hant" else "zh-hans"
        yield from (tag, script, "zh", "zh-hans", "zh-hant")
        return
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]
