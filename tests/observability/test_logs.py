"""Log lines: which there are, and how many of one kind."""

from __future__ import annotations

import pytest
import structlog

from guestloop.composition.logs_document import BLOCK, DOCUMENT, block
from shared.telemetry.logs import MINUTE, MOST_LINES, Bounded


def test_the_inventory_of_log_lines_is_what_the_code_says() -> None:
    found = BLOCK.search(DOCUMENT.read_text("utf-8"))
    assert found and found[0] == block(), "run «make docs»"


def test_whoever_makes_us_log_fills_no_disk() -> None:
    now = 0.0
    bounded = Bounded(lambda: now)

    def log(event: str) -> dict[str, object]:
        return dict(bounded(None, "warning", {"event": event}))

    for _ in range(MOST_LINES):
        assert log("a request was refused") == {"event": "a request was refused"}
    for _ in range(7):
        with pytest.raises(structlog.DropEvent):
            log("a request was refused")
    assert log("a page failed") == {"event": "a page failed"}, "others are written"
    now = MINUTE
    assert log("a request was refused") == {"event": "a request was refused", "left_out": 7}
    assert log("a request was refused") == {"event": "a request was refused"}


def test_a_library_that_tells_every_attempt_at_a_connection_is_folded() -> None:
    bounded = Bounded(lambda: 0.0)
    line = {"event": "library", "logger": "pika.adapters.utils.io_services_utils", "words": "socket failed to connect"}
    for _ in range(2):
        assert bounded(None, "error", dict(line)) == line
    with pytest.raises(structlog.DropEvent):
        bounded(None, "error", {**line, "logger": "pika.connection"})
    other = {"event": "library", "logger": "werkzeug", "words": "something else"}
    assert bounded(None, "error", dict(other)) == other
