"""The first text takes a second or more: the words of all languages are read. Whoever opens a transaction to take texts
has that done before, so that no connection is held meanwhile; of many who come at once one does it, where otherwise
each would, all at a fraction of the speed."""

from __future__ import annotations

import threading
from functools import cache

from services.feedback.understanding.reading import understand

ONE_AT_A_TIME = threading.Lock()
TEXTS = ("The room was lovely", "房间很干净")
"""One in each language whose feelings are understood."""


def be_ready() -> None:
    with ONE_AT_A_TIME:
        _read_the_words()


@cache
def _read_the_words() -> None:
    for text in TEXTS:
        understand(text, survey_open=True)
