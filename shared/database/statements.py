"""The statements of an SQL file, one by one."""

from __future__ import annotations

import re

PIECE = re.compile(
    r"""
    (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<end> ; )
    | (?P<plain> [^'"$;/-]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


def statements_in(text: str) -> list[str]:
    """Without comments and the semicolons between them; what stands in quotes is left as it is."""
    found, current = list[str](), list[str]()
    for piece in PIECE.finditer(text):
        if piece["comment"]:
            current.append(" ")
        elif piece["end"]:
            found.append("".join(current).strip())
            current.clear()
        else:
            current.append(piece[0])
    found.append("".join(current).strip())
    return [statement for statement in found if statement]
