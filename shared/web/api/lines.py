"""Bulk by NDJSON: each line of the request is one thing, each line of the answer its outcome, in the same order.

Neither side is ever held whole: lines are read in sets, each set is one transaction, and its outcomes leave before the
next is read. Whoever was cut off sends the file again from the first line without an outcome, or from the beginning:
what is known already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import orjson
from flask import Response

MEDIA_TYPE = "application/x-ndjson"
LONGEST = 64 * 1024  # bytes of a line
AT_ONCE = 200  # lines
Line = tuple[int, Any]
"""The line's number, from 1, and what stands in it; an exception where that is no JSON."""


class NotJson(ValueError):
    """A line is not JSON, or longer than 64 KB."""


def lines_of(stream: IO[bytes]) -> Iterator[Line]:
    number = 0
    while raw := stream.readline(LONGEST + 1):
        number += 1
        too_long = len(raw) > LONGEST
        while len(raw) > LONGEST and not raw.endswith(b"\n"):  # the rest of it is passed over, not kept
            raw = stream.readline(LONGEST + 1)
            if not raw:
                break
        if too_long:
            yield number, NotJson("longer than 64 KB")
        elif raw.strip():
            yield number, _parsed(raw)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return NotJson("no JSON")


def sets_of(lines: Iterable[Line]) -> Iterator[list[Line]]:
    held: list[Line] = []
    for line in lines:
        held.append(line)
        if len(held) == AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def answered(stream: IO[bytes], work: Callable[[Sequence[Line]], Sequence[dict[str, Any]]]) -> Response:
    """`work`: the outcomes of a set of lines, in their order; the request itself is over by the time it is called."""

    def outcomes() -> Iterator[bytes]:
        for some in sets_of(lines_of(stream)):
            yield b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in work(some))

    return Response(outcomes(), content_type=MEDIA_TYPE)
