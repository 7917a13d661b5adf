"""What the list of a file is called: as somebody says, else as the file."""

from __future__ import annotations

import re

LONGEST_TAG = 40
ENDINGS = re.compile(r"(\.(csv|tsv|txt|xlsx?|xlsm|xlsb|ods|gz|zip))+$", re.IGNORECASE)


def list_named(said: str, file: str) -> str:
    """The tag of its people. `said`: by somebody, or nothing; `file`: the name of the file."""
    text = said or ENDINGS.sub("", file)
    return " ".join(re.sub(r"[,，、;\n\x00]", " ", text).split())[:LONGEST_TAG].strip() or "list"
